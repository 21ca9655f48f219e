"""On a Space that lends GPUs, with a stand-in for its package: every pass is a decorated call."""

import pickle
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from pedviz import detectors, trace
from pedviz.errors import Cancelled, MissingCheckpointError
from pedviz.inference import Predictor
from pedviz.models.build import build
from pedviz.models.specs import get_spec

MODEL = "fasterrcnn_mobilenet_v2"


@pytest.fixture
def lent(monkeypatch) -> list[int]:
    """The package as ZeroGPU has it: what goes in and out is pickled, for another process."""
    durations = []

    def gpu(duration: int):
        def decorate(function):
            def call(*arguments, **options):
                durations.append(duration)
                given = pickle.loads(pickle.dumps((arguments, options)))
                return pickle.loads(pickle.dumps(function(*given[0], **given[1])))

            return call

        return decorate

    spaces = ModuleType("spaces")
    spaces.GPU, spaces.__spec__ = gpu, SimpleNamespace(name="spaces")
    monkeypatch.setitem(sys.modules, "spaces", spaces)
    monkeypatch.delitem(sys.modules, "pedviz.zero_gpu", raising=False)
    yield durations
    sys.modules.pop("pedviz.zero_gpu", None)


def test_without_the_package_this_process_detects(monkeypatch):
    monkeypatch.setattr(trace, "LocalDetector", lambda model_id: f"local {model_id}")
    assert detectors.load_detector(MODEL) == f"local {MODEL}"


def test_the_page_begins_with_what_is_decorated(lent):
    detectors.prepare()
    assert "pedviz.zero_gpu" in sys.modules


def test_every_pass_runs_where_the_gpu_is_lent(lent, monkeypatch):
    predictor = Predictor(get_spec(MODEL), build(get_spec(MODEL)))
    monkeypatch.setattr(trace, "load_predictor", lambda model_id: predictor)
    image = np.random.default_rng(0).integers(0, 255, (80, 100, 3)).astype(np.uint8)
    detector = detectors.load_detector(MODEL)
    found = detector.detect(image, cancelled=lambda: False)
    assert np.array_equal(found.scores, predictor.detect(image).scores)
    assert len(detector.trace(image, cancelled=lambda: False).proposals_xyxy) > 0
    assert lent == [20, 20]


def test_what_is_refused_or_stopped_comes_through(lent, monkeypatch):
    def missing(model_id):
        raise MissingCheckpointError("no weights")

    monkeypatch.setattr(trace, "load_predictor", missing)
    detector, image = detectors.load_detector(MODEL), np.zeros((20, 20, 3), np.uint8)
    with pytest.raises(MissingCheckpointError):
        detector.detect(image, cancelled=lambda: False)
    with pytest.raises(Cancelled):
        detector.detect(image, cancelled=lambda: True)
    assert len(lent) == 1
