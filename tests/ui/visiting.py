"""A visitor without a browser: what the page sends and fetches, over HTTP."""

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx

from pedviz.ui.service import DEFAULT_MODELS

MODEL = DEFAULT_MODELS[0]


class Visit:
    """One tab.

    Args:
        address: of the site, with a slash at its end.
    """

    def __init__(self, address: str, *, timeout: float = 60.0) -> None:
        self.client = httpx.Client(base_url=address, timeout=timeout)
        self.session = secrets.token_hex(8)
        config = self.client.get("config").json()
        events = ((target[1], entry["id"]) for entry in config["dependencies"] for target in entry["targets"])
        self.events = dict(events)

    def upload(self, content: bytes) -> str:
        """Send a file; its token."""
        answer = self.client.post("gradio_api/upload", files={"files": content})
        answer.raise_for_status()
        return answer.json()[0]

    def _body(self, event: str, request: dict) -> dict:
        return {"fn_index": self.events[event], "data": [request], "session_hash": self.session}

    def join(self, event: str, request: dict) -> httpx.Response:
        """Ask, and do not wait for the answer."""
        return self.client.post("gradio_api/queue/join", json=self._body(event, request))

    def answers(self) -> Iterator[dict]:
        """What the queue says to this tab, until it has nothing more to say."""
        query = {"session_hash": self.session}
        with self.client.stream("GET", "gradio_api/queue/data", params=query) as stream:
            for line in stream.iter_lines():
                if line.startswith("data:"):
                    yield json.loads(line[5:])

    def ask(self, event: str, request: dict) -> dict:
        """Ask and wait; the component's value."""
        self.join(event, request).raise_for_status()
        (done,) = [message for message in self.answers() if message["msg"] == "process_completed"]
        return done["output"]["data"][0]

    def choose(self, content: bytes, *, name: str = "street.png", ticket: int = 1) -> dict:
        """Put a photo on the stage."""
        photo = {"ticket": ticket, "sample": None, "path": self.upload(content), "name": name}
        return self.ask("choose", {"photo": photo})

    def run_request(self, photo_id: str, *, ticket: int = 2, model: str = MODEL) -> dict:
        """What the page sends to detect."""
        return {"a": {"ticket": ticket, "photo_id": photo_id, "model_id": model, "ids": None}}

    def run(self, photo_id: str, *, ticket: int = 2, model: str = MODEL) -> dict:
        """Detect."""
        return self.ask("run_a", self.run_request(photo_id, ticket=ticket, model=model))

    def call(self, content: bytes, *, name: str, models: Sequence[str] = (MODEL,)) -> str:
        """Detect as a program does, through the public endpoint; what the server says."""
        data = [{"path": self.upload(content), "orig_name": name}, list(models), 0.5, 0.5, 0.5, False]
        event_id = self.client.post("gradio_api/call/detect", json={"data": data}).json()["event_id"]
        return self.client.get(f"gradio_api/call/detect/{event_id}").text

    def direct(self, event: str, request: dict | None = None) -> httpx.Response:
        """An event that does not wait in the queue, such as forget."""
        body = self._body(event, request or {})
        if request is None:
            body["data"] = []
        return self.client.post("gradio_api/run/predict", json=body)

    @contextmanager
    def present(self) -> Iterator[None]:
        """The tab is open for the block."""
        with self.client.stream("GET", f"gradio_api/heartbeat/{self.session}") as stream:
            lines = stream.iter_lines()  # httpx closes the connection where nobody holds these
            next(lines)
            yield
            lines.close()
