import hashlib
import io
import os
import pickle
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.ops import masks_to_boxes

from pedviz.__main__ import main
from pedviz.data import pennfudan
from pedviz.data.pennfudan import ARCHIVE, IMAGES, ROOT, PennFudan, download, open_pennfudan, split
from pedviz.errors import Cancelled, DatasetError, DownloadError
from tests.serving import serving

PEOPLE = 423
LAST_PIXEL = np.array([0, 0, 1, 1], np.float32)  # torchvision gives the last pixel, we the edge after it


def _png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def _labels(people: int) -> np.ndarray:
    """(30, 40) uint8 with one block a person, labelled 1, 2, ..."""
    labels = np.zeros((30, 40), np.uint8)
    for person in range(people):
        labels[3 + person : 20 + person, 4 + 9 * person : 11 + 9 * person] = person + 1
    return labels


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """A made-up data set of the right shape: 170 small images with one to four people."""
    made = {}
    for number in range(IMAGES):
        pixels = np.random.default_rng(number).integers(0, 256, (30, 40, 3), dtype=np.uint8)
        made[f"PNGImages/Made{number:05}.png"] = _png(pixels)
        made[f"PedMasks/Made{number:05}_mask.png"] = _png(_labels(1 + number % 4))
    return made


def _as_zip(files: dict[str, bytes], folder: Path) -> Path:
    path = folder / ARCHIVE
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{ROOT}/{name}", content)
    return path


def _as_folder(files: dict[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        (folder / ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / ROOT / name).write_bytes(content)
    return folder / ROOT


FORMS = pytest.mark.parametrize("write", [_as_zip, _as_folder], ids=["zip", "folder"])
Write = Callable[[dict[str, bytes], Path], Path]


@FORMS
def test_a_data_set_is_read_alike_from_a_zip_and_from_a_folder(files, tmp_path, write: Write):
    archive = open_pennfudan(write(files, tmp_path))
    seen = []
    archive.check(lambda done, total: seen.append((done, total)))
    assert seen == [(done, IMAGES) for done in range(1, IMAGES + 1)]
    assert archive.ids == tuple(f"Made{number:05}" for number in range(IMAGES))
    pixels = np.asarray(Image.open(io.BytesIO(files["PNGImages/Made00003.png"])))
    assert np.array_equal(archive.image("Made00003"), pixels)
    assert archive.image_file("Made00003") == files["PNGImages/Made00003.png"]
    assert np.array_equal(archive.masks("Made00003"), _labels(4)[None] == np.arange(1, 5)[:, None, None])


@FORMS
def test_every_way_to_name_a_data_set_finds_it(files, tmp_path, write: Write, monkeypatch):
    path = write(files, tmp_path)
    monkeypatch.setenv("PEDVIZ_DATA", str(tmp_path))
    assert {open_pennfudan(source).path for source in (path, tmp_path, None)} == {path}


def test_boxes_are_those_of_torchvision_with_their_last_pixel_included(files, tmp_path):
    archive = open_pennfudan(_as_zip(files, tmp_path))
    truth = archive.ground_truth("Made00003")
    expected = masks_to_boxes(torch.from_numpy(truth.masks)).numpy() + LAST_PIXEL
    assert np.array_equal(truth.boxes_xyxy, expected)
    assert truth.image_size == (30, 40)


def test_the_directory_of_an_archive_is_read_once_by_each_process(files, tmp_path, monkeypatch):
    archive, opened, real = _as_zip(files, tmp_path), [], zipfile.ZipFile
    monkeypatch.setattr(zipfile, "ZipFile", lambda path: opened.append(path) or real(path))
    data = PennFudan(archive)
    for name in data.ids[:5]:
        data.image(name)
        data.ground_truth(name)
    assert len(opened) == 1
    parent = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: parent + 1)  # as after a fork, which shares the open file
    data.image(data.ids[0])
    assert len(opened) == 2


def test_a_data_set_in_use_can_be_sent_to_another_process(files, tmp_path):
    data = PennFudan(_as_zip(files, tmp_path))
    before = data.image(data.ids[0])
    sent = pickle.loads(pickle.dumps(data))
    assert sent == data
    np.testing.assert_array_equal(sent.image(sent.ids[0]), before)


def test_other_files_beside_the_pictures_are_no_pictures(files, tmp_path):
    others = {
        "PNGImages/Thumbs.db": b"", "PNGImages/._Made00000.png": b"", "Annotation/Made00000.txt": b"",
        "poster.png": b"",
    }  # fmt: skip
    archive = open_pennfudan(_as_zip(files | others, tmp_path))
    with zipfile.ZipFile(archive.path, "a") as opened:
        opened.writestr(f"__MACOSX/{ROOT}/PNGImages/._Made00001.png", b"")
    assert len(archive.ids) == IMAGES
    archive.check()


def test_a_picture_that_fills_its_mask_has_no_background(files, tmp_path):
    files = files | {"PedMasks/Made00000_mask.png": _png(np.ones((30, 40), np.uint8))}
    assert open_pennfudan(_as_zip(files, tmp_path)).masks("Made00000").all()


def _without(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: {key: content for key, content in files.items() if key != name}


def _with(name: str, content: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: files | {name: content}


@FORMS
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param(_without("PedMasks/Made00007_mask.png"),
                     r"PedMasks/Made00007_mask\.png is missing from", id="missing-mask"),
        pytest.param(_without("PNGImages/Made00007.png"),
                     "holds 169 images, expected 170", id="missing-picture"),
        pytest.param(_with("PNGImages/Made00007.png", _png(np.zeros((30, 41, 3), np.uint8))),
                     "Made00007: the image has 41 x 30 pixels, its mask 40 x 30", id="other-size"),
        pytest.param(_with("PedMasks/Made00007_mask.png", _png(np.zeros((30, 40), np.uint8))),
                     "Made00007: its mask holds nobody", id="nobody"),
        pytest.param(_with("PedMasks/Made00007_mask.png", _png(np.ones((30, 40, 3), np.uint8))),
                     r"PedMasks/Made00007_mask\.png .* is not a mask", id="mask-in-colour"),
        pytest.param(_with("PNGImages/Made00007.png", b"no image"),
                     r"PNGImages/Made00007\.png is not an image", id="no-picture"),
        pytest.param(_with("PNGImages/Made00007.png", _png(np.zeros((300, 40, 3), np.uint8))[:90]),
                     r"PNGImages/Made00007\.png is (cut off|damaged)", id="cut-off-picture"),
    ],
)  # fmt: skip
def test_the_first_thing_wrong_is_named(files, tmp_path, write: Write, change, sentence):
    archive = open_pennfudan(write(change(files), tmp_path))
    with pytest.raises(DatasetError, match=sentence):
        archive.check()


def test_a_member_that_cannot_be_unpacked_is_named(files, tmp_path):
    content = bytearray(_as_zip(files, tmp_path).read_bytes())
    header = content.rindex(b"PK\x01\x02", 0, content.rindex(b"PNGImages/Made00005.png"))
    content[header + 10] = zipfile.ZIP_DEFLATED  # the method, of a member that is stored as it is
    (tmp_path / "damaged.zip").write_bytes(content)
    with pytest.raises(DatasetError, match=r"is damaged at PNGImages/Made00005\.png: Error -3"):
        open_pennfudan(tmp_path / "damaged.zip").check()


def test_a_damaged_member_of_a_zip_is_named(files, tmp_path):
    path = _as_zip(files, tmp_path)
    content = bytearray(path.read_bytes())
    place = content.index(files["PNGImages/Made00005.png"])
    content[place + 40] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"is damaged at PNGImages/Made00005\.png: Bad CRC"):
        open_pennfudan(path).check()


@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.999], ids=["empty", "ten-bytes", "half", "almost-all"])
def test_a_zip_that_was_cut_off_is_said_so(files, tmp_path, keep):
    path = _as_zip(files, tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: int(keep if keep > 1 else keep * len(content))])
    with pytest.raises(DatasetError, match="cannot be opened as a zip archive"):
        open_pennfudan(path).check()


def test_an_empty_zip_holds_no_pictures(tmp_path):
    with pytest.raises(DatasetError, match="holds no images of Penn-Fudan"):
        open_pennfudan(_as_zip({}, tmp_path)).check()


@pytest.mark.parametrize("source", ["nowhere", "."], ids=["missing", "without-it"])
def test_where_there_is_none_the_message_says_how_to_get_it(tmp_path, source):
    with pytest.raises(DatasetError, match=r"no Penn-Fudan at .* python -m pedviz data download"):
        open_pennfudan(tmp_path / source)


def test_a_changed_split_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "split.json"
    path.write_text('{"train": ["a"], "test": ["b"], "test_sha256": "0"}')
    monkeypatch.setattr(pennfudan, "_SPLIT", path)
    split.cache_clear()
    try:
        with pytest.raises(DatasetError, match=r"split\.json was changed"):
            split()
    finally:
        split.cache_clear()


def test_the_split_is_the_one_that_its_seed_gives():
    names = [f"FudanPed{number:05}" for number in range(1, 75)]
    names += [f"PennPed{number:05}" for number in range(1, 97)]
    random.Random(0).shuffle(names)
    assert (split().train, split().test) == (tuple(sorted(names[:-50])), tuple(sorted(names[-50:])))


def test_the_split_tests_nothing_that_was_taught():
    parts = split()
    assert (len(set(parts.train)), len(set(parts.test))) == (120, 50)
    assert not set(parts.train) & set(parts.test)
    assert parts.sha256 == hashlib.sha256("\n".join(parts.test).encode()).hexdigest()


@pytest.fixture
def site(files, tmp_path, monkeypatch):
    """The authors' page on this machine, with the made-up data set."""
    folder = tmp_path / "page"
    folder.mkdir()
    archive = _as_zip(files, folder)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(pennfudan, "SHA256", hashlib.sha256(archive.read_bytes()).hexdigest())
    with serving(folder) as address:
        monkeypatch.setattr(pennfudan, "URL", f"{address}{ARCHIVE}")
        yield archive


def test_a_download_is_a_data_set_that_opens(site, tmp_path):
    seen = []
    path = download(tmp_path / "data", progress=lambda done, total: seen.append((done, total)))
    assert open_pennfudan(tmp_path / "data").path == path == tmp_path / "data" / ARCHIVE
    assert seen[-1] == (site.stat().st_size, site.stat().st_size)


def test_a_download_of_another_file_is_refused(site, tmp_path, monkeypatch):
    monkeypatch.setattr(pennfudan, "SHA256", "0" * 64)
    with pytest.raises(DownloadError, match="another file than expected"):
        download(tmp_path / "data")
    with pytest.raises(DatasetError, match="no Penn-Fudan"):
        open_pennfudan(tmp_path / "data")


def test_a_download_is_read_once_to_see_that_it_is_whole(site, files, tmp_path, monkeypatch):
    _as_zip(_without("PedMasks/Made00007_mask.png")(files), site.parent)
    monkeypatch.setattr(pennfudan, "SHA256", hashlib.sha256(site.read_bytes()).hexdigest())
    with pytest.raises(DatasetError, match=r"Made00007_mask\.png is missing"):
        download(tmp_path / "data")


def test_a_whole_data_set_stays_as_it_is_unless_forced(site, files, tmp_path, capsys):
    (folder := tmp_path / "data").mkdir()
    packed_again = _as_zip(files, folder)
    with zipfile.ZipFile(packed_again, "a") as archive:
        archive.comment = b"packed again"
    before = packed_again.read_bytes()
    assert main(["data", "download", str(folder)]) == 0
    assert "stays as it is" in capsys.readouterr().out
    assert packed_again.read_bytes() == before
    assert main(["data", "download", str(folder), "--force"]) == 0
    assert packed_again.read_bytes() == site.read_bytes() != before


def test_a_download_can_be_cancelled(site, tmp_path):
    with pytest.raises(Cancelled):
        download(tmp_path / "data", cancelled=lambda: True)


@pytest.fixture(scope="module")
def real() -> PennFudan:
    try:
        return open_pennfudan()
    except DatasetError as error:
        pytest.skip(str(error))


@pytest.mark.data
def test_the_real_data_set_is_whole_and_has_423_people(real):
    real.check()
    assert sum(len(real.ground_truth(name)) for name in real.ids) == PEOPLE


@pytest.mark.data
def test_the_split_covers_the_real_data_set(real):
    assert sorted((*split().train, *split().test)) == list(real.ids)


@pytest.mark.data
def test_the_real_data_set_reads_alike_unpacked(real, tmp_path):
    names = real.ids[::40]
    for name in names:
        for member in (f"PNGImages/{name}.png", f"PedMasks/{name}_mask.png"):
            (tmp_path / ROOT / member).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / ROOT / member).write_bytes(real._read(member))
    unpacked = open_pennfudan(tmp_path)
    assert unpacked.ids == tuple(names)
    for name in names:
        assert np.array_equal(unpacked.image(name), real.image(name))
        assert np.array_equal(unpacked.masks(name), real.masks(name))


@pytest.mark.data
def test_boxes_of_the_real_data_set_are_those_of_torchvision(real):
    for name in real.ids[::10]:
        truth = real.ground_truth(name)
        expected = masks_to_boxes(torch.from_numpy(truth.masks)).numpy() + LAST_PIXEL
        assert np.array_equal(truth.boxes_xyxy, expected)
