"""Weight files that are damaged or made up: each is one sentence, and memory stays bounded."""

import json
import lzma
import random
from contextlib import suppress

import pytest
import torch
from safetensors.torch import save

from pedviz.errors import CheckpointError
from pedviz.models.checkpoints import load_network_file
from pedviz.models.compact import load_state, save_compact
from pedviz.models.manifest import available
from pedviz.models.specs import get_spec
from training import start
from training.start import initialise

SPEC = get_spec("maskrcnn_mobilenet_v2_fpn")
CODES, SCALE = torch.ones(8, 4, dtype=torch.int8), torch.ones(8)
PACKED, SCALE4 = torch.zeros(2, 32, dtype=torch.uint8), torch.ones(2).half()
SHAPES = '{"shapes": {"w": [2, 64]}}'


def file_of(tensors: dict, facts: str = "{}") -> bytes:
    return save(tensors, metadata={"pedviz": facts})


DAMAGED = {
    "no-file": b"",
    "text": b"not a checkpoint",
    "header-longer-than-the-file": (2**40).to_bytes(8, "little") + b"{}",
    "facts-are-no-json": file_of({"w": SCALE}, "{"),
    "facts-are-a-list": file_of({"w": SCALE}, "[1]"),
    "facts-are-nested": file_of({"w": SCALE}, "[" * 100_000),
    "scale-of-another-length": file_of({"w": CODES, "w::scale": torch.ones(3)}),
    "scale-with-two-dimensions": file_of({"w": CODES, "w::scale": torch.ones(8, 2, 3)}),
    "codes-without-dimensions": file_of({"w": torch.tensor(1, dtype=torch.int8), "w::scale": SCALE}),
    "no-four-bit-scale": file_of({"w::int4": PACKED}, SHAPES),
    "no-shapes": file_of({"w::int4": PACKED, "w::scale4": SCALE4}),
    "shape-of-another-size": file_of({"w::int4": PACKED, "w::scale4": SCALE4}, '{"shapes": {"w": [9, 9]}}'),
    "shape-is-text": file_of({"w::int4": PACKED, "w::scale4": SCALE4}, '{"shapes": {"w": "large"}}'),
    "shapes-are-a-list": file_of({"w::int4": PACKED, "w::scale4": SCALE4}, '{"shapes": []}'),
    "not-a-number": file_of({"w": torch.tensor([1.0, float("nan")])}),
    "infinite-scale": file_of({"w": CODES, "w::scale": SCALE * float("inf")}),
    "norm-is-unknown": file_of({"w": SCALE}, '{"norm": "layer"}'),
    "norm-is-a-list": file_of({"w": SCALE}, '{"norm": ["frozen"]}'),
    "negative-hidden": file_of({"w": SCALE}, '{"hidden": -1}'),
    "huge-hidden": file_of({"w": SCALE}, '{"hidden": 1000000000}'),
    "hidden-is-text": file_of({"w": SCALE}, '{"hidden": "256"}'),
    "of-another-network": file_of({"w": SCALE}),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_made_up_weight_file_is_one_sentence(tmp_path, content):
    path = tmp_path / "weights.safetensors"
    path.write_bytes(content)
    with pytest.raises(CheckpointError) as refused:
        load_network_file(SPEC, path)
    assert "weights.safetensors" in str(refused.value)
    assert str(tmp_path) not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_no_mutation_of_a_weight_file_is_an_uncaught_error(tmp_path):
    path, drawn = tmp_path / "weights.safetensors", random.Random(7)
    save_compact(
        {"a.weight": torch.rand(8, 4), "b.weight": torch.rand(400, 300), "c.weight": torch.rand(2, 64)},
        path, metadata={"norm": "frozen", "hidden": 256}, four_bit=["c.weight"],
    )  # fmt: skip
    whole = path.read_bytes()
    header = int.from_bytes(whole[:8], "little") + 8
    for _ in range(400):
        changed = bytearray(whole)
        for _ in range(drawn.randint(1, 4)):
            changed[drawn.randrange(header)] = drawn.choice(b'0123456789"[]{}:,-eE\x00\xff')
        path.write_bytes(changed if drawn.random() < 0.8 else changed[: drawn.randrange(len(changed))])
        with suppress(CheckpointError):
            load_state(path)


def test_a_compressed_bomb_is_refused_before_it_is_unpacked_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(start, "MOST_UNPACKED", 2**26)
    path, piece = tmp_path / "start.safetensors.xz", bytes(2**24)
    compressor = lzma.LZMACompressor(preset=0)
    with path.open("wb") as file:
        for _ in range(2**26 // len(piece) + 1):
            file.write(compressor.compress(piece))
        file.write(compressor.flush())
    assert path.stat().st_size < 2**20
    with pytest.raises(CheckpointError, match="larger than 64 MB once unpacked"):
        initialise(torch.nn.Module(), SPEC, init=str(path))


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/b", "..", "", "C:\\x", "a\0b"])
def test_the_manifest_names_files_beside_it_only(tmp_path, monkeypatch, name):
    monkeypatch.setenv("PEDVIZ_CHECKPOINTS", str(tmp_path))
    texts = dict.fromkeys(("run_id", "spec_id", "sha256", "start", "licence", "note"), "x")
    entry = texts | {"file": name, "bytes": 1, "recipe": {}}
    (tmp_path / "manifest.json").write_text(json.dumps([entry]))
    with pytest.raises(CheckpointError, match="expected the name of a file beside the manifest"):
        available()
