"""Torchvision's published COCO weights in our layers, fetched when somebody wants them.

The published file is a pickle. It is checked, read with nothing but tensors allowed, rewritten at once as
safetensors in the cache, and removed.
"""

import pickle
import threading
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor
from torchvision.models.detection import MaskRCNN_ResNet50_FPN_Weights

from pedviz.download import Progress, cancellable_lock, download, never
from pedviz.errors import CheckpointError, MissingCheckpointError
from pedviz.models.build import NORM_EPS, build
from pedviz.models.compact import write_state
from pedviz.models.specs import get_spec
from pedviz.paths import cache_folder

SPEC = get_spec("maskrcnn_resnet50_fpn_coco")
URL = MaskRCNN_ResNet50_FPN_Weights.COCO_V1.url
_ONE_AT_A_TIME = threading.Lock()


def fold_eps(state: dict[str, Tensor], *, file_eps: float = 0.0) -> dict[str, Tensor]:
    """Make a state dict trained with another batch-norm eps compute the same with ours.

    A frozen norm layer multiplies by weight / sqrt(variance + eps), so the weight takes up the change.

    Args:
        state: a network's tensors; each norm layer has `weight` and `running_var`.
        file_eps: the eps the file was trained with.
    """
    folded = dict(state)
    for name, variance in state.items():
        if name.endswith("running_var"):
            weight = name.removesuffix("running_var") + "weight"
            folded[weight] = state[weight] * ((variance + NORM_EPS) / (variance + file_eps)).sqrt()
    return folded


def cached_file() -> Path:
    """Where the downloaded weights are kept, whether or not they are there."""
    return cache_folder() / f"{SPEC.id}.safetensors"


def downloaded() -> Path:
    """The downloaded weights.

    Raises:
        MissingCheckpointError: they were not downloaded yet; the message says how.
    """
    path = cached_file()
    if not path.exists():
        raise MissingCheckpointError(
            f"the weights of '{SPEC.id}' were not downloaded yet; choose it on the page, or run in Python: "
            "pedviz.models.coco.ensure_downloaded()"
        )
    return path


def ensure_downloaded(*, progress: Progress | None = None, cancelled: Callable[[], bool] = never) -> Path:
    """Fetch the published weights, 178 MB, unless they are here.

    Args:
        progress: called with the bytes here so far and the bytes in all (None where unknown).
        cancelled: asked between two pieces.

    Returns:
        The safetensors file in the cache.

    Raises:
        DownloadError: they could not be fetched.
        CheckpointError: the file holds something else than this network's weights, or there is no room.
        Cancelled: `cancelled` said so; the next call goes on from there.
    """
    path = cached_file()
    with cancellable_lock(_ONE_AT_A_TIME, cancelled):
        if path.exists():
            return path
        published = path.with_name(URL.rsplit("/", 1)[1])
        # Torchvision ends the name of each file with the first digits of its sha256.
        sha256 = published.stem.rsplit("-", 1)[1]
        download(URL, published, sha256=sha256, progress=progress, cancelled=cancelled)
        try:
            _convert(published, path)
        finally:
            published.unlink(missing_ok=True)
    return path


def _convert(published: Path, path: Path) -> None:
    """Write the weights of a torchvision file as safetensors, through our network, which renames old keys."""
    network = build(SPEC)
    try:
        network.load_state_dict(fold_eps(torch.load(published, map_location="cpu", weights_only=True)))
    except (pickle.UnpicklingError, RuntimeError, ValueError, TypeError, KeyError) as error:
        raise CheckpointError(f"{published.name} does not fit '{SPEC.id}': {str(error)[:200]}") from error
    write_state(network.state_dict(), path, facts={"norm": "frozen", "source": URL})
