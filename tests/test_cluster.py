"""The detectors on a Ray cluster of two replicas on this machine: nobody notices, whatever happens to one."""

import gc
import os
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from pedviz import cluster, detectors
from pedviz.data.samples import samples
from pedviz.errors import BusyError, Cancelled, UnknownModelError
from pedviz.paths import ROOT
from pedviz.types import Detections
from tests.made_up_detectors import FOLDER, WAITING, load
from tests.ui.conftest import wait_until

Result = TypeVar("Result")
MODEL = "maskrcnn_mobilenet_v2_lite"
PHOTOS, DIFFERENT, SENDERS, QUEUED = 60, 6, 6, 8
FIELDS = ("boxes_xyxy", "scores", "labels", "ids", "map_rows", "mask_maps")
pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # Ray's own
    pytest.mark.slow(reason="Ray starts eight processes"),
    pytest.mark.network,
]


def photo(number: int) -> np.ndarray:
    """Some people, moved to the right by `number` steps: another photo each."""
    return np.roll(samples()[0].load().pixels, 16 * number, axis=1)


def running() -> int:
    """How many replicas there are."""
    from ray import serve

    (found,) = serve.status().applications[cluster.NAME].deployments.values()
    return found.replica_states.get("RUNNING", 0)


def keep_busy(handle: object, *, until: Callable[[], bool]) -> None:
    """Let more visitors wait than there are replicas, which makes Ray start another."""
    remote, leave, deadline = (
        cluster.RemoteDetector(handle, WAITING),
        threading.Event(),
        time.monotonic() + 60,
    )

    def ask(number: int) -> None:
        with suppress(Cancelled):
            remote.detect(np.full((4, 4, 3), 100 + number, np.uint8), cancelled=leave.is_set)

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(ask, number) for number in range(4)]
        while not until() and time.monotonic() < deadline:
            time.sleep(0.2)
        leave.set()
        for one in waiting:
            one.result()


@pytest.fixture(scope="module")
def handle(tmp_path_factory) -> Iterator[object]:
    """The deployment: a replica of one thread, and a second one since the first was busy."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("ray", reason=cluster.MISSING)
        import ray
        from ray import serve

        # A folder of its own, that no other cluster writes in; sockets allow for short names alone.
        with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="ray") as folder:
            patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
            patch.setenv("RAY_worker_niceness", "0")  # 15 by itself, which starves beside other tests
            patch.setenv("PYTHONPATH", str(ROOT))
            patch.setenv(FOLDER, str(tmp_path_factory.mktemp("said")))
            patch.setenv(detectors.CLUSTER, "auto")
            ray.init(
                address="local", num_cpus=2, include_dashboard=False, object_store_memory=80 * 2**20,
                log_to_driver=False, configure_logging=False, _node_ip_address="127.0.0.1",
                _temp_dir=folder,
            )  # fmt: skip
            try:
                made = cluster.deploy(least=1, most=2, threads=1, waiting=QUEUED, load_detector=load)
                keep_busy(made, until=lambda: running() == 2)
                yield made
            finally:
                cluster._handle.cache_clear()
                serve.shutdown()
                ray.shutdown()
                gc.collect()  # what Ray leaves open, while its warnings are still ignored


@pytest.fixture(scope="module")
def local() -> Iterator[detectors.Detector]:
    """The same variant in this process, with as many threads as a replica has."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield detectors.local_detector(MODEL)
    torch.set_num_threads(before)


def never() -> bool:
    return False


def aside(call: Callable[[], Result]) -> Result:
    """What `call` gives in a thread of its own: browser tests of this process leave an event loop in ours."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()


def same(found: Detections, expected: Detections) -> bool:
    return all(np.array_equal(getattr(found, name), getattr(expected, name)) for name in FIELDS)


def test_a_second_replica_comes_when_the_first_is_busy(handle):
    assert running() == 2


def test_the_cluster_answers_to_the_bit_what_this_process_does(handle, local):
    remote, image = detectors.load_detector(MODEL), photo(1)
    assert isinstance(remote, cluster.RemoteDetector)
    expected = local.detect(image, cancelled=never)
    found = aside(lambda: remote.detect(image, cancelled=never))
    assert len(found) > 10
    assert same(found, expected)
    assert found.timings.total_seconds > 0
    more = {"ids": np.arange(len(found)), "cancelled": never}
    assert same(aside(lambda: remote.add_maps(image, found, **more)), local.add_maps(image, expected, **more))
    trace = aside(lambda: remote.trace(image, cancelled=never))
    there = local.trace(image, cancelled=never)
    assert np.array_equal(trace.proposals_xyxy, there.proposals_xyxy)
    assert all(np.array_equal(a.values, b.values) for a, b in zip(trace.levels, there.levels, strict=True))


def test_what_is_refused_here_is_refused_there(handle):
    with pytest.raises(UnknownModelError):
        aside(lambda: detectors.load_detector("nothing"))
    with pytest.raises(UnknownModelError, match="unknown"):
        aside(lambda: cluster.RemoteDetector(handle, "unknown").detect(photo(1), cancelled=never))


def descendants(pid: int) -> Iterator[int]:
    """All processes that come from one."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # it may end meanwhile
            for child in map(int, task.read_text().split()):
                yield child
                yield from descendants(child)


def replicas() -> list[int]:
    """The processes of this test's cluster that Ray calls replicas of ours; others may run beside it."""
    found = []
    for pid in descendants(os.getpid()):
        with suppress(OSError):
            said = Path(f"/proc/{pid}/cmdline").read_bytes()
            found += [pid] if said.startswith(b"ray::ServeReplica:pedviz:") else []
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="finds the replicas in /proc")
def test_a_replica_that_is_killed_loses_no_photo(handle, local):
    remote = detectors.load_detector(MODEL)
    expected = [local.detect(photo(number), cancelled=never) for number in range(DIFFERENT)]
    before, done = replicas(), threading.Semaphore(0)
    assert len(before) == 2

    def ask(number: int) -> Detections:
        found = remote.detect(photo(number % DIFFERENT), cancelled=never)
        done.release()
        return found

    with ThreadPoolExecutor(SENDERS) as pool:
        answers = [pool.submit(ask, number) for number in range(PHOTOS)]
        for _ in range(PHOTOS // 6):
            done.acquire()
        os.kill(before[0], signal.SIGKILL)
        found = [answer.result() for answer in answers]
    assert before[0] not in replicas()
    assert all(map(same, found, expected * (PHOTOS // DIFFERENT)))


def test_a_cancelled_request_stops_where_it_runs(handle):
    remote, leaves = cluster.RemoteDetector(handle, WAITING), threading.Event()
    folder, image = Path(os.environ[FOLDER]), np.full((4, 4, 3), 7, np.uint8)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(remote.detect, image, cancelled=leaves.is_set)
        wait_until((folder / "7 began").exists)
        leaves.set()
        with pytest.raises(Cancelled):
            answer.result()
    wait_until((folder / "7 stopped").exists)


def test_a_full_cluster_says_so(handle):
    remote, leave = cluster.RemoteDetector(handle, WAITING), threading.Event()
    # Far more than two replicas and the queue hold, however late Ray counts one that is on its way.
    images = [np.full((4, 4, 3), 20 + number, np.uint8) for number in range(4 * QUEUED)]
    refused = []

    def ask(image: np.ndarray) -> None:
        try:
            remote.detect(image, cancelled=leave.is_set)
        except BusyError as error:
            refused.append(str(error))
        except Cancelled:
            pass

    with ThreadPoolExecutor(len(images)) as pool:
        answers = [pool.submit(ask, image) for image in images]
        try:
            wait_until(lambda: refused)
        finally:
            leave.set()
        for answer in answers:
            answer.result()
    assert set(refused) == {cluster.FULL}


def test_a_cluster_that_is_away_is_a_sentence(handle, monkeypatch):
    def away(_: str) -> None:
        raise ConnectionError("10.0.0.7 does not answer")

    monkeypatch.setattr(cluster, "_handle", away)
    for ask in (lambda: detectors.load_detector(MODEL), detectors.prepare):
        with pytest.raises(BusyError, match="cannot be reached; try again") as refused:
            ask()
        assert "10.0.0.7" not in str(refused.value)
