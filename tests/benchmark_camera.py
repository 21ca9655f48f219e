"""Frames a second that the live camera has people looked for in: python -m tests.benchmark_camera [SECONDS].

Needs Chromium and Playwright. The server is app.py itself, freshly started, and the browser runs on the same
machine; its camera is a file of a moving image with three people, 1280 x 720 at 30 frames a second. Where the
time of a frame goes is printed beside the rate. Nothing here passes or fails.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from pedviz.paths import samples_folder
from tests.benchmark_page import DESKTOP_WIDTH, WAIT_MS, chromium_page, processor_seconds, running_app

WIDTH, HEIGHT, RATE, FRAMES = 1280, 720, 30, 60
SECONDS = 15.0
SETTLE_MS = 5000  # weights, first passes
RECORD = """const ask = window.fetch;
window.answered = [];
window.fetch = async (url, options) => {
  const started = performance.now();
  const answer = await ask(url, options);
  if (!String(url).endsWith("live") || answer.status !== 200) return answer;
  const text = await answer.clone().text();
  const ended = performance.now();
  const { prepare, network, finish } = JSON.parse(text).timings;
  const detector = 1000 * (prepare + network + finish);
  window.answered.push({ started, ended, detector, sent: options.body.size, received: text.length });
  return answer;
};"""


def write_video(path: Path) -> None:
    """A camera's image as Chromium reads it from a file: the view moves to the right and back."""
    with Image.open(samples_folder() / "three-people.webp") as opened:
        people = opened.convert("RGB")
    side, most = people.height * WIDTH / HEIGHT, people.width - people.height * WIDTH / HEIGHT
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420\n".encode())
        for number in range(FRAMES):
            left = most * (1 - np.cos(2 * np.pi * number / FRAMES)) / 2
            view = people.resize((WIDTH, HEIGHT), box=(left, 0, left + side, people.height))
            luma, *chroma = view.convert("YCbCr").split()
            file.write(b"FRAME\n" + luma.tobytes())
            for plane in chroma:
                file.write(plane.resize((WIDTH // 2, HEIGHT // 2)).tobytes())


def start_camera(page: Page, address: str) -> None:
    """Open the page, its camera, and have people looked for."""
    page.add_init_script(RECORD)
    page.goto(address)
    page.get_by_role("button", name="Camera", exact=True).click()
    page.wait_for_function("document.querySelector('.pv-camera video')?.videoWidth > 0")
    page.get_by_role("button", name="Detect live").click()
    page.wait_for_function("window.answered.length > 0", timeout=WAIT_MS)
    page.wait_for_timeout(SETTLE_MS)


def main(seconds: float = SECONDS) -> None:
    """Watch the camera for a while."""
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "camera.y4m"
        write_video(video)
        flags = [
            "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={video}",
        ]  # fmt: skip
        with running_app() as (address, pid, _), chromium_page(DESKTOP_WIDTH, flags=flags) as page:
            start_camera(page, address)
            first, begun = page.evaluate("window.answered.length"), time.perf_counter()
            used = [processor_seconds(process) for process in (pid, os.getpid())]
            page.wait_for_timeout(1000 * seconds)
            frames = page.evaluate("window.answered")[first:]
            passed = time.perf_counter() - begun
            used = [
                processor_seconds(one) - before for one, before in zip((pid, os.getpid()), used, strict=True)
            ]
            shown = page.locator(".pv-camera p").inner_text()
    print(f"camera  {len(frames) / passed:.1f} frames a second over {passed:.0f} s; the page says: {shown}")
    detector, sent, received = (
        statistics.median(frame[name] for frame in frames) for name in ("detector", "sent", "received")
    )
    asked = statistics.median(frame["ended"] - frame["started"] for frame in frames)
    whole = 1000 * passed / len(frames)
    print(
        f"camera  {whole:.0f} ms a frame: detector {detector:.0f}, rest of the request "
        f"{asked - detector:.0f}, page {whole - asked:.0f}; {sent / 1000:.0f} kB there, "
        f"{received / 1000:.0f} kB back"
    )
    server, all_of_us = (1000 * seconds / len(frames) for seconds in used)
    print(
        f"camera  processor time a frame: server {server:.0f} ms, browser {all_of_us - server:.0f} ms, "
        f"of {os.cpu_count()} cores"
    )


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
