import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pedviz.packed import pack, unpack
from pedviz.types import MAP_SIZE, Detections


def made_up(seed: int, count: int, maps: int) -> Detections:
    random = np.random.default_rng(seed)
    corners = np.sort(random.uniform(-10, 2000, (count, 2, 2)), axis=1).astype(np.float32)
    rows = np.full(count, -1, np.int64)
    rows[random.permutation(count)[:maps]] = np.arange(min(maps, count))
    return Detections(
        image_size=(480, 640), boxes_xyxy=corners.reshape(-1, 4),
        scores=np.sort(random.uniform(0.05, 1, count).astype(np.float32))[::-1].copy(),
        labels=np.ones(count, np.int64), ids=np.arange(count), map_rows=rows,
        mask_maps=random.integers(0, 256, (min(maps, count), MAP_SIZE, MAP_SIZE), np.uint8),
    )  # fmt: skip


@given(seed=st.integers(0, 99), count=st.integers(0, 12), maps=st.integers(0, 12))
def test_what_is_packed_comes_back_bit_for_bit_through_json(seed, count, maps):
    found = made_up(seed, count, maps)
    back = unpack(json.loads(json.dumps(pack(found))))
    assert back.image_size == found.image_size
    for name in ("boxes_xyxy", "scores", "labels", "ids", "map_rows", "mask_maps"):
        np.testing.assert_array_equal(getattr(back, name), getattr(found, name))
        assert getattr(back, name).dtype == getattr(found, name).dtype


@pytest.mark.parametrize(
    "wrong",
    [{"boxes": "AAAA"}, {"scores": "not base64!"}, {"image_size": [1]}, {"maps": "AA=="}, {"maps": None}],
)
def test_what_is_no_detection_is_refused(wrong):
    with pytest.raises((ValueError, KeyError, TypeError)):
        unpack(pack(made_up(0, 3, 2)) | wrong)
