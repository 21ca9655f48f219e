"""What the fuzzer calls: each takes any bytes, and whatever is not refused in one sentence is a finding."""

import io
import json
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save

from pedviz.comparison import compare
from pedviz.data import metadata
from pedviz.data.coco import truth_of_bytes
from pedviz.data.json_fields import load_json
from pedviz.data.photos import load
from pedviz.errors import CheckpointError, DatasetError, PhotoError, ResultsError
from pedviz.metrics.records import read_predictions
from pedviz.metrics.store import load_measured
from pedviz.models import checkpoints
from pedviz.models.compact import load_state
from pedviz.models.specs import SPECS, ModelSpec
from pedviz.paths import results_folder

SIDE = 64
SQUARE = [[2, 2, 30, 2, 30, 40, 2, 40]]
TRUTH = {
    "images": [{"id": 1, "width": SIDE, "height": SIDE, "file_name": "a.png"}],
    "categories": [{"id": 1, "name": "person"}],
    "annotations": [
        {"id": 1, "image_id": 1, "category_id": 1, "bbox": [2, 2, 28, 38], "area": 1064, "iscrowd": 0,
         "segmentation": SQUARE},
    ],
}  # fmt: skip
RESULT = {"image_id": 1, "category_id": 1, "bbox": [2, 2, 28, 38], "score": 0.9, "segmentation": SQUARE}
TORCHMETRICS = {"image_id": 1, "boxes": [[2, 2, 30, 40]], "scores": [0.9], "labels": [1]}


def _file(content: bytes, name: str) -> Path:
    """The bytes as a file of this process, in memory where the system has a place for that."""
    shared = Path("/dev/shm")
    folder = shared if shared.is_dir() else Path(tempfile.gettempdir())
    path = folder / f"pedviz-fuzz-{name}"
    path.write_bytes(content)
    return path


def _refused_in_one_sentence(error: Exception) -> None:
    assert str(error), "a refusal must say something"
    assert "\n" not in str(error), f"more than one line: {error}"
    assert "/dev/shm" not in str(error), f"tells a folder: {error}"


@cache
def _small_network() -> torch.nn.Module:
    """Stands for a variant's, which takes too long to build for every file; takes the first good one."""
    network = torch.nn.Module()
    for name, tensor in load_state(_file(starts()["checkpoint"][0], "small.safetensors"))[0].items():
        network.register_buffer(name, tensor)
    return network


def _built(_: ModelSpec, *, norm: str, hidden: int | None) -> torch.nn.Module:
    assert norm in checkpoints.NORMS
    assert hidden is None or 1 <= hidden <= checkpoints.MOST_HIDDEN
    return _small_network()


def checkpoint(content: bytes) -> None:
    """A weight file, and a network that takes the weights."""
    path = _file(content, "weights.safetensors")
    try:
        with mock.patch.object(checkpoints, "build", new=_built):
            network = checkpoints.load_network_file(SPECS[0], path)
    except CheckpointError as error:
        _refused_in_one_sentence(error)
        return
    assert all(torch.isfinite(tensor).all() for tensor in network.state_dict().values())


def coco_truth(content: bytes) -> None:
    """A ground truth in COCO JSON, and the numbers of one detection in it."""
    try:
        truth_of_bytes(content, file="truth.json")
        found = compare(json.loads(content), [], draws=0)
        json.loads(found.to_json())
    except DatasetError as error:
        _refused_in_one_sentence(error)


def coco_results(content: bytes) -> None:
    """Results in COCO JSON, and their numbers."""
    try:
        found = compare(TRUTH, load_json(content, file="results.json"), draws=0)
    except DatasetError as error:
        _refused_in_one_sentence(error)
        return
    for kind in found.kinds:
        ap = found.number("AP", kind=kind)
        assert ap is None or 0 <= ap <= 1


def stored_results(content: bytes) -> None:
    """Stored evaluations, one a line, and stored predictions."""
    path = _file(content, "results.json")
    for error in load_measured(path)[1]:
        _refused_in_one_sentence(error)
    try:
        read_predictions(path)
    except ResultsError as error:
        _refused_in_one_sentence(error)


def exif(content: bytes) -> None:
    """An EXIF block: alone, and in a JPEG and a PNG whose pixels must be shown whatever it says."""
    assert 1 <= metadata.orientation(content) <= 8
    length = min(len(content) + 8, 65535)
    segment = b"\xff\xe1" + length.to_bytes(2, "big") + metadata.EXIF_HEADER + content[: length - 8]
    assert load(_JPEG[:2] + segment + _JPEG[2:]).pixels.shape[2] == 3


def photo(content: bytes) -> None:
    """Any file as a photo."""
    try:
        pixels = load(content).pixels
    except PhotoError as error:
        _refused_in_one_sentence(error)
        return
    assert pixels.dtype == np.uint8


def _picture(kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image = Image.linear_gradient("L").resize((24, 32)).convert("RGB")
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _exif(orientation: int) -> bytes:
    made = Image.Exif()
    made[metadata.ORIENTATION_TAG] = orientation
    return made.tobytes().removeprefix(metadata.EXIF_HEADER)


_JPEG = _picture("JPEG")


def starts() -> dict[str, list[bytes]]:
    """Small good files for every target, which the fuzzer changes."""
    weights = {
        "a": torch.ones(8, 4, dtype=torch.int8), "a::scale": torch.ones(8), "b": torch.rand(3),
        "c::int4": torch.zeros(2, 32, dtype=torch.uint8), "c::scale4": torch.ones(2).half(),
    }  # fmt: skip
    facts = {"pedviz": json.dumps({"norm": "frozen", "hidden": 64, "shapes": {"c": [2, 64]}})}
    results = results_folder()
    stored = sorted((results / "predictions").iterdir())[0]
    record = json.loads(stored.read_text("utf-8"))
    record["pictures"] = record["pictures"][:1]
    own = {"images": TRUTH["images"], "annotations": [RESULT], "categories": TRUTH["categories"]}
    return {
        "checkpoint": [save(weights, metadata=facts), save({"w": torch.ones(2)})],
        "coco_truth": [json.dumps(TRUTH).encode()],
        "coco_results": [json.dumps(value).encode() for value in ([RESULT], [TORCHMETRICS], own)],
        "stored_results": [
            (results / "metrics.jsonl").read_bytes().splitlines()[0], json.dumps(record).encode()
        ],
        "exif": [_exif(6), _exif(1)],
        "photo": [
            _picture("JPEG", exif=_exif(6)), _picture("PNG", exif=_exif(3)), _picture("WEBP", quality=40),
            _picture("GIF"), _picture("BMP"), _picture("TIFF"), _picture("AVIF", quality=30),
        ],
    }  # fmt: skip


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (checkpoint, coco_truth, coco_results, stored_results, exif, photo)
}
