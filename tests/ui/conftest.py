"""A predictor that answers at once or waits to be told, and the site that uses it."""

import io
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PIL import Image

from pedviz.errors import Cancelled
from pedviz.models.specs import ModelSpec, get_spec
from pedviz.types import MAP_SIZE, Detections, Timings
from pedviz.ui.app import Site, build_app
from pedviz.ui.gallery import Gallery
from pedviz.ui.service import DetectService
from pedviz.ui.uploads import Uploads
from tests.serving import launched

PATIENCE = 10.0  # seconds that a test waits for another thread


def photo_file(colour: tuple[int, int, int] = (90, 120, 150), *, size: tuple[int, int] = (320, 240)) -> bytes:
    """A PNG of one colour; another colour is another photo."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


class FakePredictor:
    """Sees two people in every image, the second without a mask map, and counts how often it looked.

    With `gate` cleared a detection waits, as a slow network does, asking whether it is still wanted.
    """

    def __init__(self, spec: ModelSpec) -> None:
        self.spec = spec
        self.runs = 0
        self.options: dict[str, object] = {}  # of the latest detection
        self.looking = 0  # at this moment
        self.started = threading.Event()
        self.gate = threading.Event()
        self.gate.set()

    def detect(
        self,
        image: np.ndarray,
        *,
        cancelled: Callable[[], bool] = lambda: False,
        **options: object,
    ) -> Detections:
        self.runs += 1
        self.options = options
        self.looking += 1
        self.started.set()
        try:
            while not self.gate.wait(0.01):
                if cancelled():
                    raise Cancelled("the detection was stopped")
        finally:
            self.looking -= 1
        height, width = image.shape[:2]
        boxes = np.array([[0.1, 0.1, 0.4, 0.9], [0.5, 0.2, 0.9, 0.8]], np.float32)
        return Detections(
            image_size=(height, width), boxes_xyxy=boxes * np.array([width, height] * 2, np.float32),
            scores=np.array([0.95, 0.85], np.float32), labels=np.ones(2, np.int64), ids=np.arange(2),
            map_rows=np.array([0, -1]), mask_maps=np.full((1, MAP_SIZE, MAP_SIZE), 200, np.uint8),
            timings=Timings(prepare_seconds=0.01, network_seconds=0.2, finish_seconds=0.03),
        )  # fmt: skip

    def add_maps(
        self,
        image: np.ndarray,
        detections: Detections,
        *,
        ids: np.ndarray,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Detections:
        missing = ids[detections.map_rows[ids] < 0]
        rows = detections.map_rows.copy()
        rows[missing] = len(detections.mask_maps) + np.arange(len(missing))
        more = np.full((len(missing), MAP_SIZE, MAP_SIZE), 100, np.uint8)
        maps = np.concatenate([detections.mask_maps, more])
        fields = {
            name: getattr(detections, name) for name in ("boxes_xyxy", "scores", "labels", "ids", "timings")
        }
        return Detections(image_size=detections.image_size, map_rows=rows, mask_maps=maps, **fields)


class FakePredictors:
    """Loads one `FakePredictor` a variant."""

    def __init__(self) -> None:
        self.loaded: dict[str, FakePredictor] = {}

    def __call__(self, model_id: str) -> FakePredictor:
        return self.loaded.setdefault(model_id, FakePredictor(get_spec(model_id)))


@pytest.fixture
def predictors() -> FakePredictors:
    return FakePredictors()


@pytest.fixture
def uploads() -> Uploads:
    return Uploads()


@pytest.fixture
def service(predictors: FakePredictors, uploads: Uploads) -> DetectService:
    return DetectService(Gallery(), uploads=uploads, load_predictor=predictors)


@pytest.fixture
def upload(uploads: Uploads) -> Callable[[bytes], str]:
    """Puts a file where uploads wait, and gives the token that the browser would name."""

    def put(content: bytes) -> str:
        token = uploads.begin("127.0.0.1")
        uploads.write(token, content)
        return token

    return put


@pytest.fixture(scope="session")
def running_site() -> Iterator[tuple[Site, str]]:
    """The whole site with predictors that answer at once, on a free port."""
    site = build_app(load_predictor=FakePredictors())
    address = launched(site)
    yield site, address
    site.blocks.close(verbose=False)


def wait_until(condition: Callable[[], bool]) -> None:
    """Give another thread time; fails when `condition` does not come true."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "nothing happened in time"
        time.sleep(0.01)
