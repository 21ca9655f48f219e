"""Start the page: python app.py [--host 0.0.0.0] [--port 7860].

Without options Gradio's own GRADIO_SERVER_NAME and GRADIO_SERVER_PORT decide, as on a Hugging Face Space.
"""

import argparse
import os


def main() -> None:
    """Parse the command line, build the site and serve it until interrupted."""
    parser = argparse.ArgumentParser(description="PedViz: see what pedestrian detectors see.")
    parser.add_argument("--host", help="address to listen on; 0.0.0.0 for all (default: this machine)")
    parser.add_argument("--port", type=int, help="port to listen on (default: 7860 or the next free one)")
    options = parser.parse_args()
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "0")  # before Gradio is imported

    from pedviz.ui.app import build_app

    build_app().launch(server_name=options.host, server_port=options.port)


if __name__ == "__main__":
    main()
