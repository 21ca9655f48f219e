"""`pedviz space` against a stand-in for the hub's API."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata

import pytest

from pedviz.cli.space import THUMBNAIL, SpaceError, publish_space
from pedviz.paths import ROOT


class Hub(BaseHTTPRequestHandler):
    """Takes a repository and a commit; refuses the owner `other`."""

    files: dict[str, bytes]
    deleted: list[str]
    made: list[dict]

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""

    def _answer(self, content: object, status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        """What is in the repository."""
        if "other" in self.path:
            self._answer({"error": "not found"}, 404)
            return
        old = {"type": "file", "path": "pedviz/old.py", "size": 1, "oid": "0" * 40}
        self._answer([old] if "/tree/" in self.path else {"id": "me/demo", "sha": "0" * 40})

    def do_POST(self) -> None:
        """Create, say how files are to be sent, or commit."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/api/repos/create":
            asked = json.loads(body)
            self.made.append(asked)
            refused = asked.get("organization") == "other"
            url = f"http://{self.headers['Host']}/spaces/me/demo"
            made = {"url": url, "name": "me/demo"}
            self._answer({"error": "no"} if refused else made, 403 if refused else 200)
        elif "/preupload/" in self.path:
            way = {"uploadMode": "regular", "shouldIgnore": False}
            self._answer({"files": [entry | way for entry in json.loads(body)["files"]]})
        elif "/commit/" not in self.path:
            self._answer({})  # the check of the README's front matter
        else:
            for line in map(json.loads, body.splitlines()):
                if line["key"] == "file":
                    self.files[line["value"]["path"]] = base64.b64decode(line["value"]["content"])
                elif line["key"] == "deletedFile":
                    self.deleted.append(line["value"]["path"])
            url = f"http://{self.headers['Host']}/spaces/me/demo/commit/1"
            self._answer({"success": True, "commitOid": "1" * 40, "commitUrl": url})


@pytest.fixture
def hub(monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_of_a_test")
    Hub.files, Hub.deleted, Hub.made = {}, [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def checkout(tmp_path):
    needed = ("app.py", "README.md", "pedviz/a.py", "assets/weights.safetensors")
    for name in (*needed, "tests/b.py", "pedviz/__pycache__/a.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "README.md").write_text("---\ntitle: PedViz\n---\n\n# PedViz\n")
    return tmp_path


def test_a_space_gets_what_the_app_needs_and_loses_what_is_old(hub, checkout):
    said = []
    assert publish_space("me/demo", private=True, say=said.append, folder=checkout, endpoint=hub) == 0
    assert set(Hub.files) == {"app.py", "README.md", "pedviz/a.py", "assets/weights.safetensors"}
    assert Hub.files["pedviz/a.py"] == b"pedviz/a.py"
    assert Hub.deleted == ["pedviz/old.py"]
    space = f"{hub}/spaces/me/demo"
    assert Hub.files["README.md"].decode() == (
        f"---\ntitle: PedViz\nthumbnail: {space}/resolve/main/docs/detect.webp\n---\n\n"
        f"[Duplicate this Space]({space}?duplicate=true) to run it on hardware of your own.\n\n# PedViz\n"
    )
    assert (Hub.made[0]["sdk"], Hub.made[0]["type"]) == ("gradio", "space")
    assert "spaces/me/demo is up to date" in said[0]


def test_what_cannot_be_done_is_a_sentence(hub, checkout, tmp_path):
    def publish(name: str, **changes):
        publish_space(name, private=False, say=print, **({"folder": checkout, "endpoint": hub} | changes))

    with pytest.raises(SpaceError, match="does not let you write to other/demo; run: hf auth login"):
        publish("other/demo")
    with pytest.raises(SpaceError, match="expected OWNER/NAME"):
        publish("a/b/c d")
    with pytest.raises(SpaceError, match=r"app\.py is not here"):
        publish("me/demo", folder=tmp_path / "assets")
    with pytest.raises(SpaceError, match="cannot be reached"):
        publish("me/demo", endpoint="http://127.0.0.1:9")


def test_the_card_names_all_that_a_space_shows():
    facts = (ROOT / "README.md").read_text("utf-8").split("---\n")[1]
    named = {line.partition(":")[0] for line in facts.splitlines() if not line.startswith(" ")}
    assert named >= {
        "title", "emoji", "colorFrom", "colorTo", "sdk", "sdk_version", "python_version", "app_file",
        "license", "models", "suggested_hardware", "tags", "short_description",
    }  # fmt: skip
    assert (ROOT / THUMBNAIL).is_file()
    assert f"sdk_version: {metadata.version('gradio')}" in facts
