"""What the replicas of a test's cluster load: real variants, and one that waits until it is told to stop."""

import os
import time
from pathlib import Path

import numpy as np

from pedviz.detectors import Detector, local_detector
from pedviz.errors import Cancelled

WAITING = "one that waits"
FOLDER = "PEDVIZ_TEST_FOLDER"  # the replica says there what it does


class WaitingDetector:
    """Looks for ever; tells when it began and when it stopped."""

    def detect(self, image: np.ndarray, *, cancelled, **_: object) -> None:
        folder = Path(os.environ[FOLDER])
        name = str(image[0, 0, 0])
        (folder / f"{name} began").touch()
        while not cancelled():
            time.sleep(0.01)  # two of these, and the tests, on as few as two cores
        (folder / f"{name} stopped").touch()
        raise Cancelled("the detection was stopped")


def load(model_id: str) -> Detector:
    return WaitingDetector() if model_id == WAITING else local_detector(model_id)
