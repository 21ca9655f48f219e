import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torchvision.models.detection import MaskRCNN_ResNet50_FPN_Weights, maskrcnn_resnet50_fpn

from pedviz.errors import Cancelled, CheckpointError, DownloadError, MissingCheckpointError
from pedviz.models import coco
from pedviz.models.checkpoints import load_network
from pedviz.models.specs import SPECS
from tests.serving import serving

HEAD_TENSORS = 42  # 16 of the pyramid, 6 that propose, 8 for boxes, 12 for masks


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that a server on this machine publishes; the cache is empty."""
    folder = tmp_path / "published"
    folder.mkdir()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("PEDVIZ_CACHE", str(tmp_path / "cache"))
    with serving(folder) as address:
        monkeypatch.setattr(coco, "URL", f"{address}none-00000000.pth")
        yield folder


def _publish(state: dict[str, torch.Tensor], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put `state` where the code looks for torchvision's file, named as torchvision names its files."""
    state = {name: tensor for name, tensor in state.items() if "num_batches" not in name}
    torch.save(state, folder / "weights.pth")
    digits = hashlib.sha256((folder / "weights.pth").read_bytes()).hexdigest()[:8]
    file = (folder / "weights.pth").rename(folder / f"maskrcnn-{digits}.pth")
    monkeypatch.setattr(coco, "URL", f"{coco.URL.rsplit('/', 1)[0]}/{file.name}")


def _torchvision() -> torch.nn.Module:
    """Torchvision's network with random weights and eps 0, as its published ones were trained."""
    theirs = maskrcnn_resnet50_fpn(weights=None, weights_backbone=None)
    for norm in (module for module in theirs.modules() if isinstance(module, torch.nn.BatchNorm2d)):
        norm.eps = 0.0
        norm.running_var.uniform_(1e-2, 2.0)
    return theirs.eval()


def _with_the_old_names(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """As torchvision named these layers when its file was made; its own layers rename them when they load."""

    def old(name: str) -> str:
        name = re.sub(r"(inner_blocks|layer_blocks)\.(\d)\.0\.", r"\1.\2.", name)
        name = name.replace("rpn.head.conv.0.0.", "rpn.head.conv.")
        return re.sub(r"mask_head\.(\d)\.0\.", lambda m: f"mask_head.mask_fcn{int(m[1]) + 1}.", name)

    renamed = {old(name): tensor for name, tensor in state.items()}
    assert len(set(renamed) - set(state)) == 26
    return renamed


@pytest.mark.network
def test_published_weights_compute_in_our_layers_what_they_compute_in_torchvisions(published, monkeypatch):
    theirs = _torchvision()
    _publish(_with_the_old_names(theirs.state_dict()), published, monkeypatch)
    coco.ensure_downloaded()
    ours = load_network(coco.SPEC)
    weights, wanted = ours.state_dict(), theirs.state_dict()
    heads = [name for name in weights if name.startswith(("rpn.", "roi_heads.", "backbone.fpn."))]
    assert len(heads) == HEAD_TENSORS
    assert all(torch.equal(weights[name], wanted[name]) for name in heads)
    image = torch.rand(1, 3, 64, 64, dtype=torch.float64)
    with torch.inference_mode():
        expected, got = theirs.double().backbone(image), ours.double().backbone(image)
    for level, features in expected.items():
        assert float((got[level] - features).abs().max() / features.abs().max()) < 1e-5


def test_the_cache_holds_plain_safetensors_and_no_pickle(published, monkeypatch):
    _publish(_torchvision().state_dict(), published, monkeypatch)
    seen = []
    path = coco.ensure_downloaded(progress=lambda done, total: seen.append((done, total)))
    assert list(path.parent.iterdir()) == [path]
    assert {tensor.dtype for tensor in load_file(path).values()} == {torch.float32}
    assert seen[-1][0] == seen[-1][1]


def test_what_is_here_is_not_fetched_again(published):
    path = coco.cached_file()
    path.parent.mkdir()
    path.write_bytes(b"here")
    assert coco.ensure_downloaded() == path
    assert path.read_bytes() == b"here"


def test_weights_that_were_not_fetched_are_missing_with_a_plain_sentence(published):
    with pytest.raises(MissingCheckpointError, match=r"not downloaded yet.*ensure_downloaded\(\)"):
        load_network(coco.SPEC)


def test_weights_of_another_network_are_refused_and_not_kept(published, monkeypatch):
    _publish({"some.weight": torch.zeros(1)}, published, monkeypatch)
    with pytest.raises(CheckpointError, match="does not fit 'maskrcnn_resnet50_fpn_coco'"):
        coco.ensure_downloaded()
    assert list(coco.cached_file().parent.iterdir()) == []


class _Payload:
    def __reduce__(self) -> tuple[object, ...]:
        return (pytest.fail, ("a pickle was executed",))


def test_a_pickle_that_would_run_code_is_refused(published, monkeypatch):
    _publish({"weight": _Payload()}, published, monkeypatch)
    with pytest.raises(CheckpointError, match="does not fit"):
        coco.ensure_downloaded()


def test_a_server_that_does_not_have_it_is_named(published):
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1 answered 404"):
        coco.ensure_downloaded()


def test_a_fetch_can_be_cancelled(published, monkeypatch):
    _publish(_torchvision().state_dict(), published, monkeypatch)
    with pytest.raises(Cancelled):
        coco.ensure_downloaded(cancelled=lambda: True)
    assert not coco.cached_file().exists()


def test_the_address_is_the_one_torchvision_publishes():
    assert MaskRCNN_ResNet50_FPN_Weights.COCO_V1.url == coco.URL
    assert [spec.id for spec in SPECS if spec.on_demand] == [coco.SPEC.id]
