import os
import re
import subprocess
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pedviz.data import decoding
from pedviz.data.decoding import MAX_SIDE
from pedviz.data.photos import DEFAULT_NAME, MAX_BYTES, file_name, full_size, load
from pedviz.errors import PhotoError
from tests.data.awkward import (
    GOOD,
    HEIGHT,
    LOSSY,
    WIDTH,
    Good,
    encode,
    grey,
    oriented,
    ramp,
    scene,
    sixteen_bit_tiff,
    turned,
)
from tests.data.refused import BAD, Bad, noise

MEMORY_FOR_12_MEGAPIXELS = 60 * 2**20


def _difference(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.abs(first.astype(float) - second.astype(float)).mean())


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.id)
def test_a_picture_is_shown_upright_in_its_colours(case: Good):
    photo = load(case.make())
    expected = case.expected()
    assert photo.pixels.dtype == np.uint8
    assert photo.pixels.shape == expected.shape
    assert photo.original_size == expected.shape[:2]
    assert _difference(photo.pixels, expected) <= case.tolerance


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.id)
def test_what_is_no_usable_picture_is_refused_with_one_sentence(case: Bad):
    with pytest.raises(PhotoError, match=case.sentence) as raised:
        load(case.make(), name="mine.jpg")
    sentence = str(raised.value)
    assert sentence.startswith("mine.jpg ")
    assert "\n" not in sentence
    assert len(sentence) < 160


def test_the_awkward_files_are_many():
    ids = [case.id for case in (*GOOD, *BAD)]
    assert len(set(ids)) == len(ids) >= 25


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
def test_a_large_picture_is_capped_after_it_is_upright(form, orientation):
    content = oriented(form, orientation, height=1500, width=3000)
    photo = load(content)
    upright = turned(scene(1500, 3000), orientation)
    assert photo.original_size == upright.shape[:2]
    assert max(photo.pixels.shape) == MAX_SIDE
    small = Image.fromarray(upright).resize(photo.pixels.shape[1::-1], Image.Resampling.LANCZOS)
    assert _difference(photo.pixels, np.asarray(small)) < 2
    assert photo.scale_xy == pytest.approx((upright.shape[1] / small.width, upright.shape[0] / small.height))


@pytest.mark.parametrize("size", [(MAX_SIDE, 100), (100, MAX_SIDE)], ids=["wide", "tall"])
def test_a_picture_of_the_largest_size_is_kept_pixel_by_pixel(size):
    photo = load(encode(scene(*size), "PNG"))
    assert np.array_equal(photo.pixels, scene(*size))
    assert photo.scale_xy == (1.0, 1.0)


@pytest.mark.parametrize("order", ["<", ">"], ids=["little-endian", "big-endian"])
def test_16_bit_values_of_either_byte_order_can_be_made_smaller(order):
    photo = load(sixteen_bit_tiff(order, height=40, width=3000))
    assert photo.pixels.shape == (18, MAX_SIDE, 3)
    assert _difference(photo.pixels, grey(np.tile(np.linspace(0, 1, MAX_SIDE), (18, 1)))) < 1


def test_an_image_of_a_data_set_is_read_as_a_photo_is_but_at_its_own_size():
    pixels = full_size(oriented("JPEG", 6, height=1500, width=2000, quality=95), name="own")
    assert pixels.shape == (2000, 1500, 3)
    assert _difference(pixels, turned(scene(1500, 2000), 6)) < 2
    assert _difference(full_size(sixteen_bit_tiff(">"), name="own"), grey(ramp())) <= 0.5
    transparent = next(case for case in GOOD if case.id == "png-alpha")
    assert np.array_equal(full_size(transparent.make(), name="own"), transparent.expected())
    as_stored = full_size(oriented("PNG", 6), name="own", stored_size=(WIDTH, HEIGHT))
    assert np.array_equal(as_stored, scene())


@pytest.mark.parametrize("form", ["JPEG", "PNG", "BMP", "TIFF", "PPM"])
def test_a_file_that_is_cut_off_is_shown_with_a_notice_and_teaches_nothing(form):
    whole = encode(noise(), form)
    content = whole[: int(len(whole) * 0.8)]
    photo = load(content, name="mine.jpg")
    said = re.fullmatch(r"mine\.jpg is cut off: about (\d+) % of it is missing", photo.notice)
    assert 10 <= int(said[1]) <= 30
    there = slice(48, 120) if form == "BMP" else slice(0, 80)
    assert np.array_equal(photo.pixels[there], load(whole).pixels[there])
    with pytest.raises(PhotoError, match="mine is cut off"):
        full_size(content, name="mine")


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_short_of_its_last_bytes_is_shown_whole(progressive):
    content = encode(scene(), "JPEG", quality=95, progressive=progressive)
    photo = load(content[:-2])
    assert np.array_equal(photo.pixels, load(content).pixels)
    assert photo.notice == ""
    assert load(content + b"\0\0 made by a phone").notice == ""


def test_a_webp_that_is_cut_off_is_shown_with_a_notice():
    whole = encode(noise(), "WEBP", lossless=True)
    photo = load(whole[: int(len(whole) * 0.8)], name="mine.webp")
    assert photo.notice == "mine.webp is cut off: about 20 % of it is missing"
    assert np.array_equal(photo.pixels[:96], load(whole).pixels[:96])


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"icc_profile": bytes(99)}])
@pytest.mark.parametrize("form", ["WEBP", "AVIF", "HEIF", "JPEG2000"])
def test_any_format_short_of_its_last_bytes_is_shown(form, options):
    content = encode(noise(), form, **options)
    for missing in (1, 2) if form == "AVIF" else range(1, 40):
        photo = load(content[:-missing])
        assert _difference(photo.pixels, load(content).pixels) < LOSSY
        assert photo.notice == ""


@pytest.mark.parametrize("form", ["TIFF", "GIF", "AVIF", "HEIF", "JPEG2000"])
def test_the_start_of_an_image_is_called_damaged(form):
    with pytest.raises(PhotoError, match="is damaged or incomplete"):
        load(encode(noise(), form)[:60])


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "F", "CMYK"])
def test_every_mode_can_be_made_smaller(mode):
    picture = Image.fromarray(scene(300, 3000)).convert("L" if mode in ("I;16", "F") else "RGB").convert(mode)
    content = encode(picture, "PNG" if mode not in ("F", "CMYK") else "TIFF")
    photo = load(content)
    assert photo.pixels.shape == (133, MAX_SIDE, 3)
    assert photo.original_size == (300, 3000)


def test_a_jpeg_of_50_megapixels_is_decoded_at_a_fraction_of_its_size():
    photo = load(encode(Image.new("L", (8160, 6144), 90), "JPEG"))
    assert photo.original_size == (6144, 8160)
    assert photo.pixels.shape == (1004, MAX_SIDE, 3)


def test_a_transparent_colour_leaves_no_rim_when_a_picture_is_made_smaller():
    pixels = scene(300, 3000)
    photo = load(encode(pixels, "PNG", transparency=tuple(int(value) for value in pixels[0, 0])))
    on_white = np.where((pixels == pixels[0, 0]).all(axis=2, keepdims=True), np.uint8(255), pixels)
    small = Image.fromarray(on_white).resize(photo.pixels.shape[1::-1], Image.Resampling.LANCZOS)
    assert np.abs(photo.pixels.astype(int) - np.asarray(small).astype(int)).max() < 40


def test_many_visitors_at_once_take_turns_and_leave_the_warnings_alone(monkeypatch):
    inside, most, prepare = [], [], decoding._prepare

    def slow(*arguments: object, **options: object) -> decoding.Decoded:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.02)
        inside.pop()
        return prepare(*arguments, **options)

    monkeypatch.setattr(decoding, "_prepare", slow)
    filters, content = list(warnings.filters), encode(scene(), "PNG")
    with ThreadPoolExecutor(4) as pool:
        ids = {photo.id for photo in pool.map(load, [content] * 8)}
    assert len(ids) == 1
    assert most == [1] * 8
    assert warnings.filters == filters


def test_the_same_pixels_have_the_same_id_whatever_the_file():
    ids = {load(encode(scene(), form), name=form).id for form in ("PNG", "BMP", "TIFF")}
    assert len(ids) == 1
    assert load(encode(scene(40, 64), "PNG")).id not in ids
    assert len(ids.pop()) == 16


def test_the_shape_counts_for_the_id():
    ids = {load(encode(np.zeros(shape, np.uint8), "PNG")).id for shape in ((20, 30, 3), (30, 20, 3))}
    assert len(ids) == 2


@pytest.mark.parametrize("name", ["photo.txt", "photo.mp4", "photo.pdf", "photo"])
def test_the_content_counts_and_not_the_extension(tmp_path: Path, name):
    path = tmp_path / name
    path.write_bytes(encode(scene(), "PNG"))
    photo = load(path)
    assert photo.name == name
    assert np.array_equal(photo.pixels, scene())


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        pytest.param("../../etc/passwd.png", "passwd.png", id="path"),
        pytest.param("C:\\Users\\me\\dog.jpg", "dog.jpg", id="windows-path"),
        pytest.param("Фото 写真 📷.png", "Фото 写真 📷.png", id="unicode"),
        pytest.param("a\u202egpj.exe", "a\u202egpj.exe", id="right-to-left"),
        pytest.param("a\nb\x00c\x1b[31m.png", "abc[31m.png", id="control-characters"),
        pytest.param("<script>alert(1)<script>.png", "<script>alert(1)<script>.png", id="script-like"),
        pytest.param(".hidden.jpg", ".hidden.jpg", id="leading-dot"),
        pytest.param(" mine .jpg ", " mine .jpg ", id="spaces-at-its-ends"),
        pytest.param("👩‍👩‍👧‍👦.jpg", "👩‍👩‍👧‍👦.jpg", id="emoji-family"),
        pytest.param(" \n", DEFAULT_NAME, id="blank"),
        pytest.param("", DEFAULT_NAME, id="nothing"),
        pytest.param("x" * 300 + ".jpeg", "x" * 300 + ".jpeg", id="endless"),
        pytest.param("\ud800.png", ".png", id="half-a-surrogate"),
    ],
)
def test_names_are_kept_without_folders_and_control_characters(given, shown):
    assert file_name(given) == shown
    assert load(encode(scene(), "PNG"), name=given).name == shown


@pytest.mark.parametrize(
    "name", ["Фото 写真.png", "<img src=x onerror=alert(1)>.png", "a'b\"c;.png", "-rf.png"]
)
def test_files_with_odd_names_open(tmp_path: Path, name):
    path = tmp_path / name
    path.write_bytes(encode(scene(), "PNG"))
    assert load(path).name == name


@pytest.mark.parametrize("what", ["missing", "folder"])
def test_a_path_that_is_no_file_is_refused(tmp_path: Path, what):
    path = tmp_path if what == "folder" else tmp_path / "gone.png"
    with pytest.raises(PhotoError, match=r"could not be read: (No such file|Is a directory)"):
        load(path)


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path):
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 2**20)
    with pytest.raises(PhotoError, match="has 21 MB; photos up to 20 MB are taken"):
        load(path)


_MEASURE = """
import sys
from pathlib import Path
from pedviz.data.photos import load

def peak():
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return 1024 * int(status["VmHWM"].split()[0])

load(Path(sys.argv[2]))
before = peak()
photo = load(Path(sys.argv[1]))
print(peak() - before, *photo.pixels.shape, *photo.original_size)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory peaks are read from /proc")
def test_a_photo_of_12_megapixels_never_lies_whole_in_memory(tmp_path: Path):
    for name, size in (("large.jpg", (3000, 4000)), ("small.jpg", (48, 64))):
        (tmp_path / name).write_bytes(encode(scene(*size), "JPEG", quality=95))
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(tmp_path / "large.jpg"), str(tmp_path / "small.jpg")],
        capture_output=True, text=True, check=True, timeout=120, cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONPATH": "."},
    )  # fmt: skip
    grown, *sizes = map(int, done.stdout.split())
    assert sizes == [1000, 1333, 3, 3000, 4000]
    assert 0 < grown < MEMORY_FOR_12_MEGAPIXELS
