"""Crowds of visitors, measured: python -m tests.benchmark_crowd [twenty fifty hostile].

twenty: each brings a photo of 12 megapixels at once, as the page does and through /detect.
fifty: they bring 400 photos, ten of them one and the same, and five leave in the middle of each turn; the
server's memory is read.
hostile: an honest visitor among, from another network address, 60 uploads that never end, 100 events a
second for ten seconds, and ten clients that ask for a detection and vanish.

The server is app.py itself; visitors are programs that ask what the page asks, on the same machine. What
`twenty` and `fifty` count as wrong ends them with an error.
"""

import argparse
import io
import json
import socket
import statistics
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from http.client import HTTPConnection
from urllib.parse import urlsplit

import httpx
from PIL import Image

from pedviz.paths import samples_folder
from pedviz.ui.service import DEFAULT_MODELS
from tests.benchmark_page import processor_seconds, resident_megabytes, running_app
from tests.ui.conftest import photo_file
from tests.ui.visiting import Visit

MODEL = "maskrcnn_mobilenet_v2_fpn"
JOIN = "/gradio_api/queue/join"
HOSTILE = "127.0.0.2"
QUIET_PHOTOS = 8
SLOW_UPLOADS, JOINS_A_SECOND, SECONDS, VANISHED = 60, 100, 10, 10
TWENTY, FIFTY, WITH_ONE_PHOTO, LEAVING = 20, 50, 10, 5
TURNS = 9  # of which the first has twenty visitors, the others fifty
WIDTH, HEIGHT, LOWER = 4000, 3000, 12  # pixels; each next photo is lower, so answers tell whose they are
PATIENCE = 900.0  # seconds that a visitor waits
SETTLE_SECONDS = 5.0  # after which the server has given back what it freed


@cache
def street(number: int) -> bytes:
    """A JPEG as large as a phone's, with three people; each number is another photo, which is lower."""
    with Image.open(samples_folder() / "three-people.webp") as people:
        photo = people.convert("RGB").resize((WIDTH, HEIGHT - LOWER * number), Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


class Tab:
    """A visitor who keeps the page open, and brings one photo after the other."""

    def __init__(self, address: str) -> None:
        self._open = ExitStack()
        self.visit = Visit(address, timeout=PATIENCE)
        self._open.enter_context(self.visit.present())
        self._ticket = 0

    def close(self) -> None:
        """Close the page, whatever it waits for."""
        self._open.close()
        self.visit.client.close()

    def ask(self, number: int, models: Sequence[str]) -> dict[str, str]:
        """Put a photo on the stage and ask for both panes, as the page does; the pane of each event."""
        self._ticket += 2
        photo = self.visit.choose(street(number), ticket=self._ticket - 1)["photo"]
        assert photo["original_height"] == HEIGHT - LOWER * number, "another visitor's photo"
        self.size = [photo["height"], photo["width"]]
        wanted = {"ticket": self._ticket, "photo_id": photo["id"], "ids": None}
        requests = {pane: wanted | {"model_id": model} for pane, model in zip("ab", models, strict=False)}
        joined = {pane: self.visit.join(f"run_{pane}", requests).raise_for_status() for pane in requests}
        return {answer.json()["event_id"]: pane for pane, answer in joined.items()}

    def bring(self, number: int, models: Sequence[str]) -> tuple[float, dict[str, str]]:
        """Seconds until both panes show the photo's own result, and the boxes of each."""
        started = time.perf_counter()
        panes, boxes = self.ask(number, models), {}
        for message in self.visit.answers():
            if message["msg"] == "process_completed":
                result = message["output"]["data"][0]["result"]
                assert result["image_size"] == self.size, "another visitor's result"
                boxes[panes[message["event_id"]]] = result["boxes"]
        assert set(boxes) == set(panes.values()), "not answered"
        return time.perf_counter() - started, boxes

    def leave(self, number: int, models: Sequence[str]) -> None:
        """Ask, and close the page as soon as that is in the queue."""
        self.ask(number, models)
        answers = self.visit.answers()
        next(answers)
        answers.close()
        self.close()


def waited(seconds: Sequence[float]) -> str:
    """How long visitors waited."""
    return f"{min(seconds):.1f} to {max(seconds):.1f} s, half within {statistics.median(seconds):.1f} s"


def benchmark_twenty(options: argparse.Namespace) -> None:
    """Twenty at once, each with a photo of their own: first as the page asks, then through /detect."""
    photos = [street(number) for number in range(TWENTY)]

    def page(number: int) -> float:
        return tabs[number].bring(number, options.models)[0]

    def program(number: int) -> float:
        started = time.perf_counter()
        name = f"visitor{number}.jpg"
        answer = tabs[number].visit.call(photos[number], name=name, models=options.models)
        assert f'"{name}"' in answer, answer[:200]
        assert f'"height": {HEIGHT - LOWER * number}' in answer, "another visitor's result"
        return time.perf_counter() - started

    with running_app() as (address, pid, _), ThreadPoolExecutor(TWENTY) as pool:
        tabs = [Tab(address) for _ in range(TWENTY)]
        tabs[0].bring(TWENTY, options.models)  # weights
        for way, ask in (("page", page), ("/detect", program)):
            before, ours = processor_seconds(pid), time.process_time()
            seconds = list(pool.map(ask, range(TWENTY)))
            used, ours = processor_seconds(pid) - before, time.process_time() - ours
            print(
                f"twenty  {way:8} all got their own answer, {waited(seconds)}; "
                f"processor: server {used:.1f} s, visitors {ours:.1f} s"
            )
        for tab in tabs:
            tab.close()


def photo_numbers(turn: int) -> list[int]:
    """Which photo each visitor brings in a turn: the first few one and the same, nobody an earlier one."""
    others = FIFTY - WITH_ONE_PHOTO
    return [turn] * WITH_ONE_PHOTO + [TURNS + (place + 13 * turn) % others for place in range(others)]


def take_turns(
    address: str, tabs: list[Tab], turn: int, models: Sequence[str], *, leaving: int
) -> list[float]:
    """Everybody brings a photo; the last leave, others come for them. How long those who stayed waited."""
    numbers, staying = photo_numbers(turn), len(tabs) - leaving
    with ThreadPoolExecutor(len(tabs)) as pool:
        jobs = [
            pool.submit(tab.bring if place < staying else tab.leave, numbers[place], models)
            for place, tab in enumerate(tabs)
        ]
        answers = [job.result() for job in jobs][:staying]
    assert all(boxes == answers[0][1] for _, boxes in answers[:WITH_ONE_PHOTO]), "one photo, two results"
    tabs[staying:] = [Tab(address) for _ in range(leaving)]
    return [seconds for seconds, _ in answers]


def benchmark_fifty(options: argparse.Namespace) -> None:
    """Memory after twenty photos and after four hundred more, of fifty visitors of whom some leave."""
    for number in range(TURNS + FIFTY):
        street(number)
    with running_app() as (address, pid, _):
        tabs = [Tab(address) for _ in range(FIFTY)]
        everything = dict.fromkeys((*options.models, *DEFAULT_MODELS))  # the server itself loads the latter
        tabs[0].visit.call(street(TURNS + FIFTY), name="first.jpg", models=list(everything))
        take_turns(address, tabs[:TWENTY], 0, options.models, leaving=0)
        time.sleep(SETTLE_SECONDS)
        settled = resident_megabytes(pid)
        print(f"fifty   {TWENTY:4} photos: {settled:.0f} MB resident")
        for turn in range(1, TURNS):
            seconds = take_turns(address, tabs, turn, options.models, leaving=LEAVING)
            time.sleep(SETTLE_SECONDS)
            now = resident_megabytes(pid)
            print(
                f"fifty   {TWENTY + turn * FIFTY:4} photos: {now:.0f} MB resident, {now - settled:+.0f}; all "
                f"{len(seconds)} who stayed got their own answer, {waited(seconds)}",
                flush=True,
            )
        for tab in tabs:
            tab.close()


def one_photo(address: str, number: int) -> float:
    """Seconds from the upload of a photo to its answer, for a new visitor."""
    visit = Visit(address)
    content, started = photo_file((number, 40, 80), size=(1200, 900)), time.perf_counter()
    answer = visit.run(visit.choose(content)["photo"]["id"], model=MODEL)
    assert "result" in answer, answer
    return time.perf_counter() - started


def hostile_client(address: str) -> httpx.Client:
    return httpx.Client(base_url=address, transport=httpx.HTTPTransport(local_address=HOSTILE), timeout=30)


def slow_uploads(address: str) -> list[socket.socket]:
    """Connections that each announce a photo and send its first bytes."""
    server, source = (urlsplit(address).hostname, urlsplit(address).port), (HOSTILE, 0)
    head = (
        f"POST /gradio_api/upload HTTP/1.1\r\nHost: {server[0]}:{server[1]}\r\nContent-Length: 5000000\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
    )
    connections = [socket.create_connection(server, source_address=source) for _ in range(SLOW_UPLOADS)]
    for connection in connections:
        connection.sendall(head.encode() + bytes(1000))
    return connections


def vanish(address: str) -> None:
    """Ask for a detection and break the connection off as soon as it is in the queue."""
    visit = Visit(address)
    visit.client = hostile_client(address)
    try:
        photo_id = visit.choose(photo_file((250, 1, 1), size=(1200, 900)))["photo"]["id"]
    except httpx.HTTPStatusError:  # its address has enough in the queue
        return
    visit.join("run_a", visit.run_request(photo_id, model=MODEL))
    answers = visit.answers()
    next(answers)
    answers.close()


def join_again_and_again(address: str) -> dict[int, int]:
    """Events of ever new sessions without a photo; how often each status came.

    Plain connections, because the crowd shares the machine with the server that is measured.
    """
    probe, statuses = Visit(address), {}
    request = {"fn_index": probe.events["run_a"], "data": [probe.run_request("none", model=MODEL)]}
    mine = threading.local()

    def join(number: int) -> int:
        if not hasattr(mine, "connection"):
            mine.connection = HTTPConnection(urlsplit(address).netloc, source_address=(HOSTILE, 0))
        body = json.dumps(request | {"session_hash": f"h{number}"})
        mine.connection.request("POST", JOIN, body, {"Content-Type": "application/json"})
        answer = mine.connection.getresponse()
        answer.read()
        return answer.status

    with ThreadPoolExecutor(300) as pool:  # more than the server ever keeps waiting
        waiting, started = [], time.perf_counter()
        for number in range(JOINS_A_SECOND * SECONDS):
            waiting.append(pool.submit(join, number))
            time.sleep(max(0.0, started + number / JOINS_A_SECOND - time.perf_counter()))
        for future in waiting:
            statuses[future.result()] = statuses.get(future.result(), 0) + 1
    return statuses


def benchmark_hostile(_: argparse.Namespace) -> None:
    """How long an honest visitor waits in a quiet house and in a hostile one."""
    with running_app() as (address, _, _):
        one_photo(address, 0)  # imports, weights
        quiet = [one_photo(address, 1 + number) for number in range(QUIET_PHOTOS)]
        print(f"hostile quiet: {waited(quiet)}")
        uploads = slow_uploads(address)
        with ThreadPoolExecutor(2) as pool:
            joins = pool.submit(join_again_and_again, address)
            vanishing = pool.submit(lambda: [vanish(address) for _ in range(VANISHED)])
            hostile: list[float] = []
            while not joins.done():
                hostile.append(one_photo(address, 100 + len(hostile)))
            print(
                f"hostile crowd: {waited(hostile)}, {len(hostile)} photos; answers to joins {joins.result()}"
            )
            vanishing.result()
        ratio = statistics.median(hostile) / statistics.median(quiet)
        print(f"hostile ratio {ratio:.2f}")
        for connection in uploads:
            connection.close()


BENCHMARKS = {"twenty": benchmark_twenty, "fifty": benchmark_fifty, "hostile": benchmark_hostile}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the named benchmarks, all of them by default."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmark_crowd", description=__doc__)
    options.add_argument("names", nargs="*", help=", ".join(BENCHMARKS))
    options.add_argument(
        "--models", nargs="+", default=DEFAULT_MODELS, help="of twenty and fifty: of A, and of B"
    )
    parsed = options.parse_args(arguments)
    for name in parsed.names or BENCHMARKS:
        BENCHMARKS[name](parsed)


if __name__ == "__main__":
    main()
