"""How the page behaves, measured: python -m tests.benchmark_page [start pages redraw ...].

Needs Chromium and Playwright for `pages`, `redraw` and `uploads`. Nothing here passes or fails. The
server that is measured is app.py itself, on this machine.
"""

import argparse
import base64
import io
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
from PIL import Image

from pedviz.paths import ROOT
from pedviz.site.pages import PAGES
from pedviz.types import MAP_SIZE, THRESHOLDS, Detections
from pedviz.ui.payload import result_payload
from pedviz.viz.palette import palette_table
from tests.serving import free_port

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PEOPLE, PAGE_WIDTH, DESKTOP_WIDTH, FRAMES = 20, 1280, 1440, 240
TWELVE_MEGAPIXELS = (4000, 3000)
SETTLED_AFTER = 10  # uploads until every cache is warm
WAIT_MS = 120_000
SETTLE_MS = 4000  # for what a page asks for and draws after it has loaded; the Detect page never falls silent

REDRAW = """async ({ scene, frames }) => {
  for (const name of ["base/theme", "detect/comparison"]) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `/${name}.css` });
    document.head.append(link);
    await new Promise((done) => { link.onload = done; });
  }
  const root = document.body.appendChild(document.createElement("main"));
  const { createComparison } = await import("/detect/comparison.js");
  const comparison = createComparison(root, {
    palette: scene.palette, defaults: scene.thresholds, requestMaps() {}, onStateChange() {}, announce() {},
  });
  await comparison.setPhoto(scene.photo);
  comparison.setResult("a", scene.a);
  comparison.setResult("b", scene.b);
  const frame = () => new Promise(requestAnimationFrame);
  const answer = {};
  for (const label of ["Score threshold", "Mask threshold", "NMS IoU threshold"]) {
    const named = [...root.querySelectorAll("label")].find((one) => one.textContent === label);
    const slider = document.getElementById(named.htmlFor);
    for (let i = 0; i < 10; i += 1) await frame();
    const work = [];
    const started = performance.now();
    for (let i = 0; i < frames; i += 1) {
      slider.value = 0.1 + 0.6 * Math.abs(Math.sin(i / 20));
      const before = performance.now();
      slider.dispatchEvent(new Event("input"));
      const answered = performance.now() - before;
      const painting = new Promise((done) => {
        requestAnimationFrame(() => { // after the comparison's own callback of the same frame
          done();
        });
      });
      await painting;
      work.push(answered);
    }
    answer[label] = { fps: (1000 * frames) / (performance.now() - started), input: work };
  }
  return answer;
}"""


@contextmanager
def running_app() -> Iterator[tuple[str, int, float]]:
    """app.py as a visitor's server: its address, its process id, and the seconds until it answered."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    with tempfile.TemporaryDirectory() as uploads:
        started = time.perf_counter()
        server = subprocess.Popen(
            [sys.executable, "app.py", "--host", "127.0.0.1", "--port", str(port)], cwd=ROOT,
            env=os.environ | {"GRADIO_TEMP_DIR": uploads}, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield address, server.pid, _seconds_until_up(address, started)
        finally:
            server.terminate()
            server.wait(30)


def _seconds_until_up(address: str, started: float) -> float:
    while time.perf_counter() - started < 120:
        try:
            with urllib.request.urlopen(address) as page:
                if page.status == 200:
                    return time.perf_counter() - started
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"{address} did not answer within two minutes")


@contextmanager
def chromium_page(width: int, *, flags: Sequence[str] = ()) -> Iterator[object]:
    """A page of a headless Chromium, with `flags` beside the usual ones."""
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*FLAGS, *flags])
        yield browser.new_page(viewport={"width": width, "height": 900})
        browser.close()


def resident_megabytes(pid: int) -> float:
    """Resident memory of a process, as Linux counts it."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"process {pid} has no VmRSS line")


def processor_seconds(pid: int) -> float:
    """Processor time that a process and those it started have used."""
    seconds, children = {}, defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            fields = path.read_text().rpartition(")")[2].split()
            process = int(path.parent.name)
            children[int(fields[1])].append(process)
            seconds[process] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    family = [pid]
    for process in family:
        family += children[process]
    return sum(seconds[process] for process in family)


def benchmark_start(_: argparse.Namespace) -> None:
    """Seconds from the start command until the page answers."""
    for attempt in range(3):
        with running_app() as (_, _, seconds):
            print(f"start   run {attempt + 1}: the page answers after {seconds:.1f} s")


def crowded_scene() -> dict[str, object]:
    """Two panes of twenty people with masks on one image."""
    random = np.random.default_rng(0)
    width, height = 1280, 800
    buffer = io.BytesIO()
    Image.fromarray(random.integers(0, 255, (height, width, 3), dtype=np.uint8)).save(buffer, "JPEG")
    photo = {
        "id": "0" * 16, "url": "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode(),
        "width": width, "height": height, "original_width": width, "original_height": height,
        "name": "crowd.jpg", "ground_truth": None,
    }  # fmt: skip
    model = {
        "id": "m",
        "label": "m",
        "parameters": 1,
        "masks": True,
        "min_size": 400,
        "max_size": 800,
        "note": "",
    }
    scene: dict[str, object] = {"palette": palette_table(), "thresholds": THRESHOLDS, "photo": photo}
    for pane in "ab":
        left = np.arange(PEOPLE) * 60.0 + random.uniform(0, 10, PEOPLE)
        top = random.uniform(50, 300, PEOPLE)
        boxes = np.stack([left, top, left + 110, top + 380], axis=1).astype(np.float32)
        found = Detections(
            image_size=(height, width), boxes_xyxy=boxes,
            scores=np.linspace(0.99, 0.75, PEOPLE, dtype=np.float32), labels=np.ones(PEOPLE, np.int64),
            ids=np.arange(PEOPLE), map_rows=np.arange(PEOPLE),
            mask_maps=random.integers(0, 256, (PEOPLE, MAP_SIZE, MAP_SIZE), dtype=np.uint8),
        )  # fmt: skip
        scene[pane] = result_payload(found, photo_id=photo["id"], model=model, cached=False)
    return scene


def benchmark_redraw(_: argparse.Namespace) -> None:
    """Frames a second while a slider moves, two panes of twenty people."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Requests are not worth a line."""

    web = ROOT / "pedviz" / "ui" / "web"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(web)))
    Thread(target=server.serve_forever, daemon=True).start()
    with chromium_page(PAGE_WIDTH) as page:
        page.goto(f"http://127.0.0.1:{server.server_port}/base/theme.css")
        page.set_content("<!doctype html><title>redraw</title>")
        answer = page.evaluate(REDRAW, {"scene": crowded_scene(), "frames": FRAMES})
    server.shutdown()
    for label, measured in answer.items():
        median = statistics.median(measured["input"])
        print(f"redraw  {label:18} {measured['fps']:5.1f} frames a second; input handled in {median:.2f} ms")


def photo_of_twelve_megapixels(seed: int) -> bytes:
    """A JPEG as large as a phone's, another for each seed."""
    random = np.random.default_rng(seed)
    small = Image.fromarray(random.integers(0, 255, (30, 40, 3), dtype=np.uint8))
    buffer = io.BytesIO()
    small.resize(TWELVE_MEGAPIXELS, Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def benchmark_uploads(options: argparse.Namespace) -> None:
    """Growth of the server's memory over many photos of 12 megapixels, each detected in both panes."""
    with running_app() as (address, pid, _), chromium_page(PAGE_WIDTH) as page:
        page.goto(address)
        settled = 0.0
        for number in range(1, options.uploads + 1):
            name = f"photo{number}.jpg"
            file = {"name": name, "mimeType": "image/jpeg", "buffer": photo_of_twelve_megapixels(number)}
            page.locator("input[type=file]").first.set_input_files(file)
            page.wait_for_function(
                """(name) => [...document.querySelectorAll(".pvc-canvas")]
                  .filter(({ ariaLabel }) => ariaLabel.startsWith(name) && !ariaLabel.includes("no result"))
                  .length === 2""",
                arg=name, timeout=WAIT_MS,
            )  # fmt: skip
            if number == SETTLED_AFTER:
                settled = resident_megabytes(pid)
            if number % SETTLED_AFTER == 0:
                now = resident_megabytes(pid)
                print(f"uploads {number:4}: {now:6.0f} MB resident, {now - settled:+.0f} MB since the tenth")


SHIFTS = """window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"


def benchmark_pages(_: argparse.Namespace) -> None:
    """What each page asks for in a fresh browser, when it is first seen, and how far it shifts."""
    with running_app() as (address, _, _), chromium_page(DESKTOP_WIDTH) as page:
        for listed in PAGES:
            sizes: list[int] = []
            context = page.context.browser.new_context(viewport=page.viewport_size)
            fresh = context.new_page()
            fresh.add_init_script(SHIFTS)
            fresh.on("requestfinished", lambda asked: sizes.append(_transferred(asked)))  # noqa: B023
            fresh.goto(address + listed.address)
            fresh.wait_for_timeout(SETTLE_MS)
            painted, shifted = fresh.evaluate(FIRST_PAINT), fresh.evaluate("shifted")
            context.close()
            print(
                f"pages   {listed.name or 'detect':18} {len(sizes):3} requests {sum(sizes) / 1000:6.0f} kB; "
                f"first seen after {painted:5.0f} ms; shift {shifted:.3f}"
            )


def _transferred(asked: object) -> int:
    sizes = asked.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


BENCHMARKS = {
    "start": benchmark_start,
    "pages": benchmark_pages,
    "redraw": benchmark_redraw,
    "uploads": benchmark_uploads,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the named benchmarks, all of them by default."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmark_page", description=__doc__)
    options.add_argument("names", nargs="*", help=", ".join(BENCHMARKS))
    options.add_argument("--uploads", type=int, default=200, help="photos for `uploads`")
    parsed = options.parse_args(arguments)
    for name in parsed.names or BENCHMARKS:
        BENCHMARKS[name](parsed)


if __name__ == "__main__":
    main()
