"""What `import pedviz` promises: these names, loaded when they are asked for."""

import inspect
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import pedviz

PUBLIC = ("Detections", "GroundTruth", "PedvizError", "compare", "load_photo", "load_predictor")


def test_the_public_names_are_these():
    assert sorted(pedviz.__all__) == sorted(PUBLIC)
    assert sorted(dir(pedviz)) == sorted(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_resolves_and_is_described(name):
    assert inspect.getdoc(getattr(pedviz, name))


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(
        AttributeError, match=r"has no attribute 'detect'; it has: Detections, .*load_predictor"
    ):
        _ = pedviz.detect


def test_a_photo_becomes_an_array_for_a_predictor(tmp_path):
    path = tmp_path / "grey.png"
    Image.new("L", (40, 30), 128).save(path)
    photo = pedviz.load_photo(path)
    assert (photo.pixels.shape, photo.pixels.dtype) == ((30, 40, 3), np.uint8)


def test_importing_the_package_takes_no_time_worth_speaking_of():
    """Counted in modules, because a busy machine makes seconds meaningless."""
    code = "import sys; before = set(sys.modules); import pedviz; print(len(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 10
