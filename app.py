"""Start the page: python app.py [--host 0.0.0.0] [--port 7860]."""

import argparse
import sys

from pedviz.ui.start import add_options, serve


def main() -> None:
    """Parse the command line and serve the page until interrupted."""
    parser = argparse.ArgumentParser(description="PedViz: see what pedestrian detectors see.")
    add_options(parser)
    sys.exit(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
