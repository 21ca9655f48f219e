"""A stored result to change and to read."""

import pytest

from pedviz.metrics.evaluate import STAT_KEYS
from pedviz.metrics.store import MeasuredResult


@pytest.fixture
def measured() -> MeasuredResult:
    numbers = {key: 0.1 + place / 100 for place, key in enumerate(STAT_KEYS)} | {"APs": None, "ARs": None}
    return MeasuredResult(
        spec_id="maskrcnn_resnet50_fpn", run_id="maskrcnn_resnet50_fpn-s0-abcdef01", shipped=True,
        weights="compact", checkpoint_sha256="c" * 64, checkpoint_bytes=44_000_000, split_sha256="5" * 64,
        seed=0, parameters=43_922_395, stats={"bbox": numbers, "segm": None},
        intervals={"bbox": (0.05, 0.15), "segm": None}, images=50, people=124,
        people_by_size={"small": 0, "medium": 8, "large": 116}, predictions="made-up",
        settings={"score_threshold": 0.05}, versions={"torch": "2.15.0"}, hardware={"cpu": "a", "cores": 2},
        wall_seconds=61.5, seconds_per_image=1.2, outside_network_share=0.03,
        measured_at="2026-01-01T00:00:00+00:00",
    )  # fmt: skip
