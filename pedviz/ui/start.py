"""Serve the page: `python app.py` and `pedviz app`.

Without options Gradio's own GRADIO_SERVER_NAME and GRADIO_SERVER_PORT decide, as on a Hugging Face Space.
Who may reach it is said in the environment: see pedviz/ui/exposure.py.
"""

import argparse
import atexit
import os
import signal
import sys
from contextlib import suppress

from pedviz.interrupts import end_quietly
from pedviz.ui.memory import overwrite_what_is_freed

CLUSTER_SENTENCE = (
    " Photos travel unencrypted to the machines of the cluster, whose memory is not overwritten afterwards."
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add --host and --port."""
    parser.add_argument("--host", help="address to listen on; 0.0.0.0 for all (default: this machine)")
    parser.add_argument("--port", type=int, help="port to listen on (default: 7860 or the next free one)")


def serve(options: argparse.Namespace) -> int:
    """Build the site and serve it until interrupted."""
    end_quietly()
    overwrite_what_is_freed()
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "0")  # before Gradio is imported
    # Before PyTorch is: its threads otherwise wait for each other in a busy loop, which holds up the one that
    # they wait for where the processor has other work. Beside four busy processes on two cores a detection
    # took nine times as long.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

    from pedviz.detectors import is_on_cluster, prepare
    from pedviz.errors import PedvizError

    try:
        prepare()  # first of all: a lent GPU has to come before torch, and Ray takes the signals
    except PedvizError as error:
        sys.stderr.write(f"{error}.\n")
        return 2

    from pedviz.ui.app import build_app
    from pedviz.ui.exposure import Exposure, ExposureError

    _allow_connections()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # an orderly end, which removes every upload
    host = options.host or os.environ.get("GRADIO_SERVER_NAME")
    try:
        travels = CLUSTER_SENTENCE if is_on_cluster() else ""
        sys.stdout.write(f"{Exposure.from_environment().sentence(host)}{travels}\n")
        sys.stdout.flush()
    except ExposureError as error:
        sys.stderr.write(f"{error}.\n")
        return 2
    atexit.register(_leave)  # the first to be registered is the last to run
    try:
        build_app().launch(server_name=options.host, server_port=options.port)
    except Exception:
        atexit.unregister(_leave)
        raise
    return 0


def _leave() -> None:
    """End here: a network that still runs in a thread would make C++ abort while Python is taken down."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _allow_connections() -> None:
    """As many open connections as the system lets this process have: the usual 1,024 are soon taken."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
