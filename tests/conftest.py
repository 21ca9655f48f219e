"""For every test: a fixed seed, closed figures, and no network beyond this machine."""

import os
import random
import socket

import numpy as np
import pytest

os.environ["GRADIO_ANALYTICS_ENABLED"] = "0"

_LOCAL_HOSTS = {"127.0.0.1", "::1", "localhost", "0.0.0.0"}
_connect = socket.socket.connect


def _connect_locally(self: socket.socket, address: object) -> None:
    if isinstance(address, tuple) and address[0] not in _LOCAL_HOSTS:
        raise OSError(f"tests must not use the network, but one connects to {address}")
    _connect(self, address)


@pytest.fixture(autouse=True)
def _seeded_and_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    random.seed(0)
    np.random.seed(0)
    monkeypatch.setattr(socket.socket, "connect", _connect_locally)
