"""Folders and zips in COCO's format: what is read, and what is refused with a sentence."""

import json
import shutil
import unicodedata
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from pedviz.data.json_fields import LARGEST_FILE
from pedviz.errors import DatasetError
from tests.data.refused import png_header
from training.source_files import SourceFiles
from training.sources import CocoSamples, coco_sources

PEOPLE = {"id": 1, "name": "person"}
CAR, DOG = {"id": 2, "name": "car"}, {"id": 3, "name": "dog"}


@pytest.fixture
def own(coco_folder, tmp_path) -> Path:
    """A copy of the six pictures, to change."""
    return Path(shutil.copytree(coco_folder, tmp_path / "own"))


def _change(folder: Path, change: Callable[[dict], object]) -> Path:
    path = folder / "annotations.json"
    listed = json.loads(path.read_text())
    change(listed)
    path.write_text(json.dumps(listed))
    return folder


def _zipped(folder: Path) -> Path:
    return Path(shutil.make_archive(str(folder), "zip", folder))


@pytest.fixture(params=["folder", "zip"])
def packed(request) -> Callable[[Path], Path]:
    """What makes the source to open of a folder: the folder itself, or a zip of it."""
    return _zipped if request.param == "zip" else Path


def test_boxes_and_masks_of_a_sample_agree(coco_folder):
    sample = CocoSamples(coco_folder).load("picture_1.png")
    rows, columns = np.where(sample.masks[0])
    x1, y1, x2, y2 = sample.boxes[0]
    assert (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) == (x1, y1, x2, y2)


def test_masks_count_where_everybody_has_one(own):
    _change(own, lambda listed: listed["annotations"][0].pop("segmentation"))
    source, masked = CocoSamples(own), {"picture_3.png", "picture_5.png"}
    for name in source.ids:
        assert source.has_masks(name) == (source.load(name).masks is not None) == (name in masked)


def _with_crowd_and_nobody(listed: dict) -> None:
    """The first person of picture 1 becomes a crowd, the people of picture 2 go."""
    listed["annotations"][0]["iscrowd"] = 1
    listed["annotations"] = [person for person in listed["annotations"] if person["image_id"] != 2]


def test_crowds_and_pictures_with_nobody_do_not_teach(own):
    source = CocoSamples(_change(own, _with_crowd_and_nobody))
    assert source.ids == ("picture_1.png", *(f"picture_{number}.png" for number in range(3, 7)))
    assert source.people == 9
    sample = source.load("picture_1.png")
    assert (sample.boxes.tolist(), sample.masks.shape, sample.crowds) == ([[44, 10, 66, 54]], (1, 64, 80), 0)


def test_crowds_and_pictures_with_nobody_are_there_to_measure(own):
    source = CocoSamples(_change(own, _with_crowd_and_nobody), measuring=True)
    assert (len(source.ids), source.people) == (6, 9)
    crowded, empty = source.load("picture_1.png"), source.load("picture_2.png")
    assert (crowded.boxes.tolist(), crowded.crowds) == ([[44, 10, 66, 54], [8, 10, 30, 54]], 1)
    assert crowded.masks[:, 30].argmax(axis=1).tolist() == [44, 8]
    assert (empty.boxes.shape, empty.masks.shape, empty.crowds) == ((0, 4), (0, 64, 80), 0)


def test_people_of_a_picture_that_is_listed_twice_are_not_lost(own, packed):
    _change(own, lambda listed: listed["images"].append(listed["images"][0] | {"id": 7}))
    with pytest.raises(DatasetError, match=r"lists picture_1\.png more than once"):
        CocoSamples(packed(own))


def test_people_of_no_picture_are_not_lost(own, packed):
    _change(own, lambda listed: listed["annotations"][3].update(image_id="of nobody"))
    match = r"annotations\[3\] \(id 4\), image_id: the text 'of nobody' is the id of no image"
    with pytest.raises(DatasetError, match=match):
        CocoSamples(packed(own))


def test_boxes_that_are_not_in_pixels_are_refused(own):
    _change(own, lambda listed: [p.update(bbox=[0.1, 0.1, 0.3, 0.9]) for p in listed["annotations"]])
    for measuring in (False, True):
        with pytest.raises(DatasetError, match=r"no box is larger than 0\.9: expected .* in pixels"):
            CocoSamples(own, measuring=measuring)


def test_people_thinner_than_a_pixel_count_where_they_are_measured(own):
    _change(own, lambda listed: listed["annotations"][0].update(bbox=[10, 10, 0.5, 40]))
    assert (CocoSamples(own).people, CocoSamples(own, measuring=True).people) == (11, 12)


@pytest.mark.parametrize(
    ("kinds", "said"), [(["k1", "k2", "k3"], "kind k2, k3: there are k0, k1"), (["k0", "k1"], None)]
)
def test_kinds_that_no_picture_has_are_named(coco_folder, masked_folder, kinds, said):
    with pytest.raises(DatasetError, match=said) if said else nullcontext():
        assert len(coco_sources([coco_folder, masked_folder], kinds=kinds)) == 2


def test_kinds_select_pictures(coco_folder):
    assert CocoSamples(coco_folder, kinds=("k0",)).ids == ("picture_2.png", "picture_4.png", "picture_6.png")


@pytest.mark.parametrize(
    "annotations",
    [
        pytest.param(None, id="missing"),
        pytest.param("not json", id="text"),
        pytest.param(json.dumps({"images": []}), id="without annotations"),
        pytest.param(json.dumps([1, 2]), id="a list"),
    ],
)
def test_a_folder_without_coco_annotations_is_named(own, annotations):
    (own / "annotations.json").unlink()
    if annotations is not None:
        (own / "annotations.json").write_text(annotations)
    with pytest.raises(DatasetError, match=r"own: .*annotations\.json"):
        CocoSamples(own)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(lambda c: c["images"][0].pop("file_name"), "is no image inside images/", id="no name"),
        pytest.param(
            lambda c: c["annotations"][2].update(bbox=[1, 2, 3]),
            r"annotations\[2\].*, bbox",
            id="three edges",
        ),
        pytest.param(
            lambda c: c["annotations"][2].update(image_id=[1]), r"annotations\[2\].*, image_id", id="a list"
        ),
    ],
)
def test_annotations_of_another_form_are_refused(own, change, said):
    with pytest.raises(DatasetError, match=said):
        CocoSamples(_change(own, change))


@pytest.mark.parametrize("named", ["images/{}", ".\\{}", "images\\{}"])
def test_names_of_other_tools_find_their_image(own, packed, named):
    for image in range(6):
        _change(
            own,
            lambda c, at=image: c["images"][at].update(file_name=named.format(c["images"][at]["file_name"])),
        )
    source = CocoSamples(packed(own))
    assert source.load(source.ids[0]).pixels.shape == (64, 80, 3)


def test_names_with_accents_find_their_image_in_either_form(own, packed):
    (own / "images" / "picture_1.png").rename(own / "images" / unicodedata.normalize("NFD", "Café.png"))
    _change(own, lambda c: c["images"][0].update(file_name=unicodedata.normalize("NFC", "Café.png")))
    assert len(CocoSamples(packed(own)).load("Café.png").boxes) == 2


def test_everything_may_lie_in_one_folder(own, packed, tmp_path):
    outer = tmp_path / "outer"
    outer.mkdir()
    shutil.move(own, outer / "people")
    assert len(CocoSamples(packed(outer)).load("picture_1.png").boxes) == 2


def test_numbers_as_text_and_boxes_from_the_far_corner_mean_the_same(own):
    plain = CocoSamples(own, measuring=True).load("picture_1.png")

    def change(listed: dict) -> None:
        for image in listed["images"]:
            image.update(width=str(image["width"]), height=str(image["height"]), id=str(image["id"]))
        for person in listed["annotations"]:
            x, y, width, height = person["bbox"]
            person.update(iscrowd="0", category_id="1", bbox=[x + width, y + height, -width, -height])

    other = CocoSamples(_change(own, change), measuring=True).load("picture_1.png")
    assert np.array_equal(plain.boxes, other.boxes)
    assert other.crowds == 0


def test_images_that_share_an_id_are_refused(own):
    with pytest.raises(DatasetError, match=r"images\[1\], id: 1 is also that of images\[0\]"):
        CocoSamples(_change(own, lambda listed: listed["images"][1].update(id=1)))


@pytest.mark.parametrize("content", [b"no zip at all", None], ids=["text", "missing"])
def test_a_file_that_is_no_zip_is_named(tmp_path, content):
    if content:
        (tmp_path / "people.zip").write_bytes(content)
    with pytest.raises(DatasetError, match=r"people\.zip: .*annotations\.json could be read"):
        CocoSamples(tmp_path / "people.zip")


def test_missing_pictures_are_counted_and_named_at_once(own, packed):
    for number in (2, 5):
        (own / "images" / f"picture_{number}.png").unlink()
    said = r"2 of 6 images of annotations\.json are not in images/: picture_2\.png, picture_5\.png; add them"
    with pytest.raises(DatasetError, match=said):
        CocoSamples(packed(own))


def test_of_many_missing_pictures_the_first_are_named(own, packed):
    shutil.rmtree(own / "images")
    with pytest.raises(DatasetError, match=r"6 of 6 .*: picture_1\.png, .*picture_5\.png, \.\.\.; add"):
        CocoSamples(packed(own))


def test_pictures_that_nobody_asks_for_may_be_missing(own, packed):
    (own / "images" / "picture_1.png").unlink()
    _change(own, lambda listed: listed["images"].append({"id": 99, "file_name": "nobody.png", "kind": "k0"}))
    assert len(CocoSamples(packed(own), kinds=("k0",)).ids) == 3


def test_a_picture_may_lie_in_a_folder_of_its_own(own, packed):
    (own / "images" / "town").mkdir()
    (own / "images" / "picture_1.png").rename(own / "images" / "town" / "1.png")
    _change(own, lambda listed: listed["images"][0].update(file_name="town/1.png"))
    assert CocoSamples(packed(own)).load("town/1.png").pixels.shape == (64, 80, 3)


@pytest.mark.parametrize(
    "file_name",
    ["../secret.png", "a/../../secret.png", "/etc/secret.png", "..\\secret.png", "C:\\secret.png", None],
)
def test_a_file_name_that_leaves_the_pictures_is_refused(own, packed, file_name):
    shutil.copyfile(own / "images" / "picture_1.png", own / "secret.png")
    _change(own, lambda listed: listed["images"][0].update(file_name=file_name))
    with pytest.raises(DatasetError, match="is no image inside images/"):
        CocoSamples(packed(own))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"no image", id="text"),
        pytest.param(b"", id="empty"),
        pytest.param(None, id="cut off"),
        pytest.param(b"P6\n1r 12\n255\n", id="a width that is no number"),
        pytest.param(png_header(20_000, 20_000), id="more pixels than memory"),
    ],
)
def test_a_picture_that_cannot_be_decoded_is_named(own, packed, content):
    path = own / "images" / "picture_4.png"
    path.write_bytes(path.read_bytes()[:3000] if content is None else content)
    source = CocoSamples(packed(own))
    assert len(source.load("picture_3.png").boxes) == 2
    said = r"images/picture_4\.png (is (damaged|cut off|not an)|has more than).*; replace it"
    with pytest.raises(DatasetError, match=said):
        source.load("picture_4.png")


@pytest.mark.parametrize("size", [(15, 15), (2000, 40)], ids=["small", "thin"])
def test_a_picture_that_resizing_would_not_leave_is_refused(own, size):
    Image.new("RGB", size).save(own / "images" / "picture_1.png")
    _change(own, lambda listed: listed["images"][0].update(width=size[0], height=size[1]))
    said = rf"picture_1\.png is {size[0]} x {size[1]} pixels(, too small|; at least)"
    with pytest.raises(DatasetError, match=said):
        CocoSamples(own).load("picture_1.png")


def _sideways(folder: Path) -> np.ndarray:
    """Store the first picture as a camera held on its side does; its pixels as they are seen."""
    path = folder / "images" / "picture_1.png"
    seen = np.array(Image.open(path))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Image.fromarray(np.rot90(seen)).save(path, exif=exif)
    return seen


def test_a_picture_turned_by_its_camera_is_read_as_it_was_annotated(own):
    seen = _sideways(own)
    sample = CocoSamples(own).load("picture_1.png")
    assert np.array_equal(sample.pixels, seen)
    assert sample.masks.shape[1:] == seen.shape[:2]


def test_a_picture_annotated_as_it_is_stored_stays_so(own):
    stored = np.rot90(_sideways(own))
    _change(own, lambda listed: listed["images"][0].update(width=stored.shape[1], height=stored.shape[0]))
    _change(own, lambda listed: [person.pop("segmentation", None) for person in listed["annotations"]])
    assert np.array_equal(CocoSamples(own).load("picture_1.png").pixels, stored)


@pytest.mark.parametrize("orientation", [2, 3, 4])
def test_a_picture_that_turning_leaves_as_large_is_read_as_it_is_seen(own, orientation):
    path = own / "images" / "picture_1.png"
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    with Image.open(path) as picture:
        stored = np.array(picture)
        picture.save(path, exif=exif)
    turned = {2: stored[:, ::-1], 3: stored[::-1, ::-1], 4: stored[::-1]}[orientation]
    assert np.array_equal(CocoSamples(own).load("picture_1.png").pixels, turned)


def test_a_picture_without_a_size_is_read_as_it_is_seen(own):
    seen = _sideways(own)
    _change(own, lambda listed: listed["images"][0].update(width=None, height=None))
    assert np.array_equal(CocoSamples(own).load("picture_1.png").pixels, seen)


def test_a_picture_of_another_size_than_annotated_is_named(own):
    _change(own, lambda listed: listed["images"][0].update(width=800))
    with pytest.raises(DatasetError, match=r"picture_1\.png is 80 x 64 pixels, .* says 800 x 64"):
        CocoSamples(own).load("picture_1.png")


@pytest.mark.parametrize("unknown", [{}, {"width": None, "height": None}, {"width": 0, "height": 0}])
def test_sizes_may_be_left_out(own, unknown):
    def forget(listed: dict) -> None:
        known = listed["images"][0]
        listed["images"][0] = {"id": known["id"], "file_name": known["file_name"], **unknown}

    _change(own, forget)
    assert CocoSamples(own).load("picture_1.png").pixels.shape == (64, 80, 3)


@pytest.mark.parametrize("box", [[80, 10, 20, 40], [-30, 10, 20, 40], [10, 64, 20, 40], [10, -50, 20, 40]])
def test_a_person_outside_the_picture_is_named(own, box):
    _change(own, lambda listed: listed["annotations"][1].update(bbox=box))
    with pytest.raises(DatasetError, match=r"person 2 of images/picture_1\.png lies outside"):
        CocoSamples(own).load("picture_1.png")


def test_a_box_over_the_edge_is_cut_there(own):
    _change(own, lambda listed: listed["annotations"][0].update(bbox=[-10, 50, 100, 40]))
    assert CocoSamples(own).load("picture_1.png").boxes[0].tolist() == [0, 50, 80, 64]


@pytest.mark.parametrize(
    ("damage", "skipped"), [(b"\xff", 0), (b"\0", 200)], ids=["nothing deflated", "a wrong sum"]
)
def test_a_damaged_zip_is_named_with_the_picture(own, damage, skipped):
    archive = _zipped(own)
    with zipfile.ZipFile(archive) as opened:
        header = opened.getinfo("images/picture_4.png").header_offset
    content = bytearray(archive.read_bytes())
    start = content.index(b"picture_4.png", header) + len("picture_4.png")
    content[start + skipped : start + skipped + 50] = damage * 50
    archive.write_bytes(content)
    with pytest.raises(DatasetError, match=r"images/picture_4\.png is damaged"):
        CocoSamples(archive).load("picture_4.png")


@pytest.mark.parametrize(
    ("segmentation", "said"),
    [
        pytest.param({"size": [80, 64], "counts": [5120]}, "its size is", id="another size"),
        pytest.param({"size": [64, 80], "counts": "hello"}, "do not add up", id="no run lengths"),
        pytest.param([[1, 2, 3, 4]], "3 points or more", id="two points"),
        pytest.param([{"x": 1}], "float", id="an object"),
    ],
)
def test_a_segmentation_that_cannot_be_decoded_names_its_picture(own, segmentation, said):
    _change(own, lambda listed: listed["annotations"][1].update(segmentation=segmentation))
    match = rf"the segmentation of person 2 of images/picture_1\.png cannot be used: .*{said}.*; fix it"
    with pytest.raises(DatasetError, match=match):
        CocoSamples(own).load("picture_1.png")


@pytest.mark.parametrize(
    ("categories", "people"),
    [
        pytest.param(None, 2, id="no list"),
        pytest.param([], 2, id="an empty list"),
        pytest.param([{"id": 7, "name": "pedestrian"}], 2, id="one of another name"),
        pytest.param([CAR, PEOPLE, DOG], 1, id="several"),
        pytest.param([CAR, {"id": 1, "name": "Person"}], 1, id="with a capital"),
    ],
)
def test_of_several_categories_a_person_counts(own, categories, people):
    def change(listed: dict) -> None:
        listed["annotations"][0]["category_id"] = CAR["id"]
        listed["categories"] = categories

    assert len(CocoSamples(_change(own, change)).load("picture_1.png").boxes) == people


def test_a_picture_of_other_things_alone_is_left_out(own):
    def change(listed: dict) -> None:
        listed["categories"] = [PEOPLE, CAR]
        for annotation in listed["annotations"][:2]:
            annotation["category_id"] = CAR["id"]

    assert "picture_1.png" not in CocoSamples(_change(own, change)).ids


def test_categories_without_a_person_are_listed(own):
    _change(own, lambda listed: listed.update(categories=[CAR | {"id": 1}, DOG]))
    with pytest.raises(DatasetError, match=r"none of the 2 categories .* is 'person': it has car, dog; name"):
        CocoSamples(own)


def test_a_zip_that_claims_gigabytes_is_refused_before_it_is_unpacked_whole(tmp_path):
    path, piece = tmp_path / "bomb.zip", b" " * 2**22
    archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
    with archive, archive.open("annotations.json", "w") as file:
        for _ in range(LARGEST_FILE // len(piece) + 1):
            file.write(piece)
    assert path.stat().st_size < 2**20
    with pytest.raises(DatasetError, match="larger than 190 MB once it is unpacked"):
        SourceFiles(path).annotations()
