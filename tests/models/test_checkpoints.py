import pytest

from pedviz.download import sha256_of
from pedviz.errors import CheckpointError, MissingCheckpointError
from pedviz.models.build import build
from pedviz.models.checkpoints import load_network, verify
from pedviz.models.compact import save_compact
from pedviz.models.manifest import CheckpointEntry, available, write_manifest
from pedviz.models.specs import get_spec

SPEC = get_spec("maskrcnn_mobilenet_v2_fpn")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PEDVIZ_CHECKPOINTS", str(tmp_path))
    return tmp_path


def _publish(folder, *, spec_id: str = SPEC.id, hidden: int = 256) -> CheckpointEntry:
    path = folder / f"{spec_id}.safetensors"
    save_compact(build(SPEC, hidden=hidden).state_dict(), path, metadata={"hidden": hidden, "norm": "frozen"})
    entry = CheckpointEntry(
        run_id="run", spec_id=spec_id, file=path.name, sha256=sha256_of(path), bytes=path.stat().st_size,
        recipe={"epochs": 1}, start="none", licence="none", note="Made by a test.", hidden=hidden,
    )  # fmt: skip
    write_manifest({spec_id: entry})
    return entry


def test_a_published_network_loads_with_its_own_layers(folder):
    entry = _publish(folder, hidden=64)
    assert available() == {SPEC.id: entry}
    assert load_network(SPEC).roi_heads.mask_predictor.conv5_mask.out_channels == 64


def test_a_changed_file_is_refused_before_use(folder):
    entry = _publish(folder)
    path = folder / entry.file
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="is not the file of the manifest"):
        verify(entry)


def test_a_missing_file_names_the_command_that_trains_it(folder):
    (folder / _publish(folder).file).unlink()
    with pytest.raises(MissingCheckpointError, match=f"python -m training.train {SPEC.id}"):
        load_network(SPEC)


def test_no_manifest_means_no_weights(folder):
    assert available() == {}
    with pytest.raises(MissingCheckpointError, match="no weights for"):
        load_network(SPEC)


def test_a_damaged_manifest_is_named(folder):
    (folder / "manifest.json").write_text('[{"spec_id": "x"}]')
    with pytest.raises(CheckpointError, match=r"manifest.json cannot be read"):
        available()


def test_weights_of_another_variant_are_refused(folder):
    _publish(folder, spec_id="maskrcnn_resnet18_fpn")
    with pytest.raises(CheckpointError, match="does not fit 'maskrcnn_resnet18_fpn'"):
        load_network(get_spec("maskrcnn_resnet18_fpn"))
