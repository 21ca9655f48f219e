"""What a detection costs, and what a cluster adds and brings: python -m tests.benchmark_cluster.

Prints the processor time of one detection on one thread for every variant with weights, how much longer a
replica on this machine takes than this process, and the detections a second of one and two replicas. Needs
Ray. Nothing here passes or fails.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import numpy as np

from pedviz import cluster
from pedviz.data.samples import samples
from pedviz.detectors import CLUSTER, Detector, load_detector, local_detector
from pedviz.models.manifest import available
from pedviz.models.specs import SPECS

MODEL = "maskrcnn_mobilenet_v2_fpn"
PASSES, PAIRS, PHOTOS, SENDERS = 5, 25, 24, 6


def never() -> bool:
    return False


def photo(number: int = 0) -> np.ndarray:
    """A sample image, the same and yet another for every number."""
    pixels = samples()[0].load().pixels.copy()
    pixels[0, 0] = number
    return pixels


def cost_of_each_variant() -> None:
    """Seconds of one core that a detection takes, which other work on the machine hardly changes."""
    import torch

    torch.set_num_threads(1)
    print("| variant | seconds of a core | detections a second and core |\n|---|---|---|")
    for spec in [spec for spec in SPECS if spec.id in available()]:
        detector, seconds = local_detector(spec.id), []
        detector.detect(photo(), cancelled=never)
        for number in range(PASSES):
            started = time.process_time()
            detector.detect(photo(number), cancelled=never)
            seconds.append(time.process_time() - started)
        print(f"| {spec.label} | {median(seconds):.2f} | {1 / median(seconds):.2f} |", flush=True)


def seconds_of(detector: Detector, number: int) -> tuple[float, float]:
    """Of one detection, and of that what was no detecting: locks, the way there and back."""
    image, started = photo(number), time.perf_counter()
    found = detector.detect(image, cancelled=never)
    whole = time.perf_counter() - started
    return whole, whole - found.timings.total_seconds


def throughput(detector: Detector) -> float:
    """Detections a second, for so many visitors at once."""
    with ThreadPoolExecutor(SENDERS) as pool:
        started = time.perf_counter()
        list(pool.map(lambda number: detector.detect(photo(number), cancelled=never), range(PHOTOS)))
        return PHOTOS / (time.perf_counter() - started)


def _with_replicas(count: int, measure: Callable[[Detector], None]) -> None:
    from ray import serve

    cluster.deploy(least=count, most=count, threads=1)
    remote = load_detector(MODEL)
    with ThreadPoolExecutor(SENDERS) as pool:  # every replica loads its weights
        list(pool.map(lambda number: remote.detect(photo(number), cancelled=never), range(SENDERS)))
    measure(remote)
    cluster._handle.cache_clear()
    serve.shutdown()


def hop(remote: Detector) -> None:
    """What the way to a replica adds, in turns with this process, so that other work meets both."""
    local = local_detector(MODEL)
    pairs = [(seconds_of(local, number), seconds_of(remote, number)) for number in range(PAIRS)]
    here, there = (median(whole for whole, _ in column) for column in zip(*pairs, strict=True))
    added = median(far - near for (_, near), (_, far) in pairs)
    print(f"a detection takes {1000 * here:.0f} ms here and {1000 * there:.0f} ms there")
    print(f"the hop adds {1000 * added:.1f} ms, {added / here:.1%}")
    print(f"one replica: {throughput(remote):.2f} detections a second", flush=True)


def main() -> None:
    """Measure the variants, then the hop, then one and two replicas."""
    # Replicas are to have this process's turn at the processor, not a later one.
    ray_settings = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}
    os.environ.update({"OMP_NUM_THREADS": "1", CLUSTER: "auto"} | ray_settings)
    cost_of_each_variant()
    import ray

    ray.init(
        address="local", num_cpus=2, include_dashboard=False, log_to_driver=False,
        _node_ip_address="127.0.0.1",
    )  # fmt: skip
    _with_replicas(1, hop)
    _with_replicas(2, lambda remote: print(f"two replicas: {throughput(remote):.2f} detections a second"))
    ray.shutdown()


if __name__ == "__main__":
    main()
