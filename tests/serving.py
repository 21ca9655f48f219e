"""Servers on this machine: the site itself, and a folder, for what the project fetches from others."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pedviz.ui.app import Site


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def launched(site: Site, *, port: int | None = None) -> str:
    """Start a site in this process; its address, which ends with a slash.

    On a port of its own: two test processes would race for Gradio's usual one.
    """
    return site.launch(
        in_background=True,
        warm_up=False,
        quiet=True,
        server_name="127.0.0.1",
        server_port=port or free_port(),
    )


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""

    def copyfile(self, source: object, output: object) -> None:
        try:
            super().copyfile(source, output)
        except ConnectionError:
            return  # the client cancelled


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Publish `folder`; gives its address, which ends with a slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
