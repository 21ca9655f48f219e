"""AP after every epoch, for the curve in the log.

Nothing is chosen by it: the weights after the last epoch, or their average with what the run began from,
are the result, whatever the curve says.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from pedviz.inference import Predictor
from pedviz.metrics.evaluate import stats_from_predictions
from pedviz.metrics.records import ImageRecord, PredictionRecord, record_image
from pedviz.models.build import build
from pedviz.models.specs import ModelSpec
from training.evaluate import TestImages
from training.measuring import settings_of
from training.recipes import Recipe


class EpochMeasure:
    """Detects on the test images with a copy of the weights; calling it gives the AP of each kind.

    The network that learns is left alone: training-mode settings and random numbers stay as they are.

    Args:
        spec: the variant.
        recipe: for the options that change layers.
        data: the images.
        names: those to measure on.
    """

    def __init__(self, spec: ModelSpec, recipe: Recipe, data: TestImages, names: Sequence[str]) -> None:
        self.spec, self.data, self.names = spec, data, names
        self.recipe = recipe

    def __call__(self, state: dict[str, Tensor]) -> dict[str, float | None]:
        """AP in [0, 1] by kind, "bbox" and for detectors with masks "segm", of the weights `state`."""
        network = build(self.spec, norm=self.recipe.norm, hidden=self.recipe.hidden)
        network.load_state_dict(state)
        predictor = Predictor(self.spec, network, dtype=torch.float32)
        record = PredictionRecord(
            run_id="epoch", spec_id=self.spec.id, checkpoint_sha256="", split_sha256="",
            settings=settings_of(predictor),
            images=tuple(self._answer(predictor, name) for name in self.names),
        )  # fmt: skip
        return {kind: stats_from_predictions(record, kind)["AP"] for kind in record.kinds}

    def _answer(self, predictor: Predictor, name: str) -> ImageRecord:
        view = predictor.detect(self.data.image(name)).view(0.0)
        truth = self.data.ground_truth(name)
        return record_image(name, view, truth=truth, masks=self.spec.masks)
