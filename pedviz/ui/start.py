"""Serve the page: `python app.py` and `pedviz app`.

Without options Gradio's own GRADIO_SERVER_NAME and GRADIO_SERVER_PORT decide, as on a Hugging Face Space.
"""

import argparse
import os
import signal
import sys


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add --host and --port."""
    parser.add_argument("--host", help="address to listen on; 0.0.0.0 for all (default: this machine)")
    parser.add_argument("--port", type=int, help="port to listen on (default: 7860 or the next free one)")


def serve(options: argparse.Namespace) -> int:
    """Build the site and serve it until interrupted."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "0")  # before Gradio is imported

    from pedviz.ui.app import build_app

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # an orderly end, which removes every upload
    build_app().launch(server_name=options.host, server_port=options.port)
    return 0
