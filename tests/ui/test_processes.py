"""Two processes of the site behind a real nginx: everybody stays with one, and a restarted one is noticed."""

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from pedviz.paths import ROOT
from tests.serving import free_port
from tests.ui.conftest import photo_file, wait_until
from tests.ui.visiting import Visit

VISITORS = 40
SERVER = """
import sys, threading
from tests.ui.conftest import FakePredictors
from tests.serving import launched
from pedviz.ui.app import build_app
site, port = build_app(load_predictor=FakePredictors()), int(sys.argv[1])
print(launched(site, port=port), flush=True)
threading.Event().wait()
"""
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def start(port: int) -> subprocess.Popen:
    command = [sys.executable, "-c", SERVER, str(port)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    process.wait(20)
    if process.stdout:
        process.stdout.close()


@pytest.fixture(scope="module")
def behind_nginx(tmp_path_factory):
    """The address of nginx with the configuration of the documentation, and the processes behind it."""
    if NGINX is None:
        pytest.skip("nginx is not installed")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    ports = [free_port(), free_port()]
    text = (ROOT / "docs" / "nginx.conf").read_text("utf-8")
    for old, new in (("7861", str(ports[0])), ("7862", str(ports[1])), ("8080", str(port))):
        text = text.replace(f"127.0.0.1:{old}", f"127.0.0.1:{new}")
    text = re.sub(r"/tmp/pedviz-nginx", f"{folder}/nginx", text)
    (folder / "nginx.conf").write_text(f"daemon off;\n{text}")
    with ExitStack() as running:
        servers = {each: start(each) for each in ports}
        running.callback(lambda: [stop(server) for server in servers.values()])  # those of the end
        for server in servers.values():
            assert server.stdout.readline().startswith("http")
        command = [NGINX, "-c", str(folder / "nginx.conf")]
        running.callback(stop, subprocess.Popen(command, env=os.environ | {"LC_ALL": "C"}))

        def answers() -> bool:
            try:
                return httpx.get(f"{address}licence.txt").status_code == 200
            except httpx.TransportError:
                return False

        address = f"http://127.0.0.1:{port}/"
        wait_until(answers)
        yield address, servers


@pytest.mark.slow(reason="three processes start, one of them twice")
def test_forty_visitors_two_processes_and_one_that_restarts(behind_nginx):
    address, servers = behind_nginx

    def come(number: int) -> tuple[Visit, str]:
        visit = Visit(address)
        chosen = visit.choose(photo_file((number, 9, 9), size=(100 + number, 90)), name=f"{number}.png")
        photo = chosen["photo"]
        assert (photo["width"], photo["name"]) == (100 + number, f"{number}.png"), "this is another's photo"
        assert visit.run(photo["id"])["result"]["image_size"] == [90, 100 + number]
        return visit, photo["id"]

    with ThreadPoolExecutor(8) as pool:
        seats = list(pool.map(come, range(VISITORS)))
    assert len({photo_id for _, photo_id in seats}) == VISITORS

    port, server = next(iter(servers.items()))
    stop(server)
    servers[port] = start(port)
    servers[port].stdout.readline()
    told = [visit.run(photo_id, ticket=9) for visit, photo_id in seats]
    gone = [answer for answer in told if "no longer on the server" in answer.get("error", "")]
    assert 0 < len(gone) < VISITORS
    assert all("result" in answer for answer in told if answer not in gone)
    visit, _ = seats[told.index(gone[0])]
    assert "photo" in visit.choose(photo_file((200, 1, 1)), ticket=10)
