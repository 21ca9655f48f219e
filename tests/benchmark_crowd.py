"""How long an honest visitor waits in a quiet house and in a hostile one: python -m tests.benchmark_crowd.

Hostile is, from another network address: 60 uploads that never end, 100 events a second for ten seconds,
and ten clients that ask for a detection and vanish. Nothing here passes or fails.
"""

import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import httpx

from pedviz.paths import ROOT
from tests.ui.conftest import photo_file
from tests.ui.visiting import Visit

PORT, MODEL = 7899, "maskrcnn_mobilenet_v2_fpn"
JOIN = "/gradio_api/queue/join"
ADDRESS, HOSTILE = f"http://127.0.0.1:{PORT}/", "127.0.0.2"
QUIET_PHOTOS = 8
SLOW_UPLOADS, JOINS_A_SECOND, SECONDS, VANISHED = 60, 100, 10, 10


def one_photo(number: int) -> float:
    """Seconds from the upload of a photo to its answer, for a new visitor."""
    visit = Visit(ADDRESS)
    content, started = photo_file((number, 40, 80), size=(1200, 900)), time.perf_counter()
    answer = visit.run(visit.choose(content)["photo"]["id"], model=MODEL)
    assert "result" in answer, answer
    return time.perf_counter() - started


def hostile_client() -> httpx.Client:
    return httpx.Client(base_url=ADDRESS, transport=httpx.HTTPTransport(local_address=HOSTILE), timeout=30)


def slow_uploads() -> list[socket.socket]:
    """Connections that each announce a photo and send its first bytes."""
    head = (
        f"POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nContent-Length: 5000000\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
    )
    server, source = ("127.0.0.1", PORT), (HOSTILE, 0)
    connections = [socket.create_connection(server, source_address=source) for _ in range(SLOW_UPLOADS)]
    for connection in connections:
        connection.sendall(head.encode() + bytes(1000))
    return connections


def vanish() -> None:
    """Ask for a detection and break the connection off as soon as it is in the queue."""
    visit = Visit(ADDRESS)
    visit.client = hostile_client()
    try:
        photo_id = visit.choose(photo_file((250, 1, 1), size=(1200, 900)))["photo"]["id"]
    except httpx.HTTPStatusError:  # its address has enough in the queue
        return
    visit.join("run_a", visit.run_request(photo_id, model=MODEL))
    answers = visit.answers()
    next(answers)
    answers.close()


def join_again_and_again() -> dict[int, int]:
    """Events of ever new sessions without a photo; how often each status came.

    Plain connections, because the crowd shares the machine with the server that is measured.
    """
    probe, statuses = Visit(ADDRESS), {}
    request = {"fn_index": probe.events["run_a"], "data": [probe.run_request("none", model=MODEL)]}
    mine = threading.local()

    def join(number: int) -> int:
        if not hasattr(mine, "connection"):
            mine.connection = HTTPConnection("127.0.0.1", PORT, source_address=(HOSTILE, 0))
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


def main() -> None:
    """Start the app, measure quiet, then hostile."""
    server = subprocess.Popen(
        [sys.executable, "app.py", "--port", str(PORT)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                httpx.get(f"{ADDRESS}licence.txt")
                break
            except httpx.TransportError:
                time.sleep(0.5)
        one_photo(0)  # imports, weights
        quiet = [one_photo(1 + number) for number in range(QUIET_PHOTOS)]
        print(f"quiet: median {statistics.median(quiet):.2f} s of {[round(value, 2) for value in quiet]}")
        uploads = slow_uploads()
        with ThreadPoolExecutor(2) as pool:
            joins = pool.submit(join_again_and_again)
            vanishing = pool.submit(lambda: [vanish() for _ in range(VANISHED)])
            hostile = []
            while not joins.done():
                hostile.append(one_photo(100 + len(hostile)))
            seconds = [round(value, 2) for value in hostile]
            print(f"hostile: median {statistics.median(hostile):.2f} s of {seconds}")
            print(f"answers to the joins: {joins.result()}")
            vanishing.result()
        ratio = statistics.median(hostile) / statistics.median(quiet)
        print(f"ratio {ratio:.2f}")
        for connection in uploads:
            connection.close()
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
