"""Detect people in photos: a table on the terminal; annotated images, COCO JSON and CSV in a folder."""

import io
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from pedviz.cli.bars import byte_bar, image_bar
from pedviz.cli.tables import printable, table
from pedviz.data.photos import DEFAULT_NAME, Photo, full_size, load
from pedviz.detectors import detect_people
from pedviz.errors import MissingCheckpointError, PedvizError, PhotoError, reason_of
from pedviz.export import to_coco, to_csv
from pedviz.models.specs import SPECS, get_spec
from pedviz.tiles import detect_with_tiles, tile_sides
from pedviz.types import Detections
from pedviz.viz.overlay import draw

if TYPE_CHECKING:  # their module imports torch, which takes seconds: not for a mistyped name
    from pedviz.inference import Predictor

CSV_STEM = "people"
LONGEST_STEM = 150  # bytes; file systems take 255


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What to do with every photo.

    Attributes:
        score, nms, mask: thresholds in [0, 1].
        style: how annotated images are drawn, the id of one of `pedviz.viz.palette.STYLES`.
        out: where files go; None writes none.
        tiles: look at overlapping parts of each photo too, see `pedviz.tiles`.
    """

    score: float
    nms: float
    mask: float
    style: str
    out: Path | None
    tiles: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Finding:
    """What one variant made of a photo: every candidate, and the view at the thresholds."""

    model_id: str
    candidates: Detections
    view: Detections


def detect_photos(
    paths: Sequence[Path],
    model_ids: Sequence[str],
    *,
    settings: Settings,
    say: Callable[[str], None],
    complain: Callable[[str], None],
) -> int:
    """Detect people in every photo; a file that is no photo is named and does not stop the others.

    Args:
        paths: the photos.
        model_ids: the variants; none takes the first that has weights.
        settings: thresholds and where to write.
        say: prints a result.
        complain: prints what went wrong.

    Returns:
        The exit status: 0, or 1 where a file could not be used or its results could not be written.

    Raises:
        PedvizError: a variant is unknown or has no weights, its weights cannot be downloaded, or the
            folder cannot be made or written to.
    """
    predictors = _load_predictors(model_ids)
    writer = Writer(settings.out, settings) if settings.out else None
    failed = 0
    bar = tqdm(paths, unit="photo", file=sys.stderr, disable=len(paths) == 1)
    for path in bar:
        try:
            photo = load(path)
            findings = [_find(predictor, photo, settings, path=path) for predictor in predictors]
            if writer:  # before it is printed: a terminal that has gone loses nothing
                writer.write(path, photo, findings=findings)
            say(report(path, photo, findings=findings, settings=settings))
        except (PhotoError, OSError) as error:
            failed += 1
            said = error if isinstance(error, PhotoError) else f"its results: {reason_of(error)}"
            complain(f"{printable(path)}: {printable(said)}")
            continue
        if photo.notice:
            complain(f"{printable(path)}: {printable(photo.notice)}")
    if failed:
        complain(f"{failed} of {len(paths)} photos have no results")
    return 1 if failed else 0


def _load_predictors(model_ids: Sequence[str]) -> list["Predictor"]:
    specs = [get_spec(model_id) for model_id in dict.fromkeys(model_ids)]

    from pedviz.inference import load_predictor
    from pedviz.models.coco import ensure_downloaded
    from pedviz.models.manifest import available

    chosen = specs or [spec for spec in SPECS if spec.id in available()][:1]
    if not chosen:
        raise MissingCheckpointError("no variant has weights here; run: python -m pedviz doctor")
    for spec in chosen:
        if spec.on_demand:
            with byte_bar(spec.id) as progress:
                ensure_downloaded(progress=progress)
    return [load_predictor(spec.id) for spec in chosen]


def _find(predictor: "Predictor", photo: Photo, settings: Settings, *, path: Path) -> Finding:
    if not settings.tiles:
        candidates, view = detect_people(
            predictor, photo.pixels, score_threshold=settings.score, nms_threshold=settings.nms
        )
        return Finding(model_id=predictor.spec.id, candidates=candidates, view=view)
    with image_bar(f"{predictor.spec.id}, tiles", unit="tile") as progress:
        original = full_size(path.read_bytes(), name=path.name, whole=False)
        candidates = detect_with_tiles(
            predictor.detect, photo.pixels, original=original, sides=tile_sides(predictor.spec),
            progress=progress,
        )  # fmt: skip
    shown = candidates.view(settings.score, nms_threshold=settings.nms)
    candidates = predictor.add_maps(photo.pixels, candidates, ids=shown.ids)
    view = candidates.view(settings.score, nms_threshold=settings.nms)
    return Finding(model_id=predictor.spec.id, candidates=candidates, view=view)


def report(path: Path, photo: Photo, *, findings: Sequence[Finding], settings: Settings) -> str:
    """The people found in a photo as text, coordinates in pixels of the upright original."""
    height, width = photo.original_size
    lines = [f"{printable(path)}, {width} x {height} pixels"]
    for finding in findings:
        lines.append(f"  {finding.model_id}: {_summary(finding, settings)}")
        if len(finding.view):
            lines.append(_people(finding.view, photo))
    return "\n".join(lines) + "\n"


def _summary(finding: Finding, settings: Settings) -> str:
    seconds = finding.candidates.timings.total_seconds
    count = len(finding.view)
    if count:
        return f"{count} {'person' if count == 1 else 'people'} in {seconds:.2f} s"
    scores = finding.candidates.scores
    best = f"the best score is {scores[0]:.4f}" if len(scores) else "there is no candidate at all"
    return f"nobody above {settings.score:g} in {seconds:.2f} s; {best}"


def _people(view: Detections, photo: Photo) -> str:
    boxes = view.boxes_xyxy * (*photo.scale_xy, *photo.scale_xy)
    rows = [
        (str(number), f"{score:.4f}", *(f"{edge:.1f}" for edge in box))
        for number, (score, box) in enumerate(zip(view.scores, boxes, strict=True), start=1)
    ]
    return table(("person", "score", "x1", "y1", "x2", "y2"), rows, left=0, indent="    ")


class Writer:
    """Puts results into a folder and overwrites nothing that is there.

    Args:
        settings: thresholds, style and the folder, which is made where it is missing.

    Raises:
        PedvizError: the folder cannot be made, or nothing can be written there.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._settings = settings
        self._folder = folder
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=self._folder):
                pass
        except OSError as error:
            raise PedvizError(
                f"results cannot go to {printable(self._folder)}: {error.strerror}; choose another folder"
            ) from error
        self._csv = self._folder / f"{self._free(CSV_STEM, ['csv'])}.csv"
        self._photos = 0

    def write(self, path: Path, photo: Photo, *, findings: Sequence[Finding]) -> None:
        """Write one photo's results: STEM.json, STEM.MODEL.png each, and its rows of people.csv.

        Where a name is taken, by another photo or from an earlier run, STEM-2 is used, then STEM-3. The
        photo's name in the files is its path as it was given.

        Raises:
            OSError: one of the files cannot be written; none of this photo's is left half.
        """
        self._photos += 1
        settings = self._settings
        scale: dict[str, Any] = {"original_size": photo.original_size, "scale_xy": photo.scale_xy}
        name = os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
        results = [(finding.model_id, finding.view) for finding in findings]
        drawings = [f"{finding.model_id}.png" for finding in findings]
        stem = self._free(_short(path.stem), ["json", *drawings])
        coco = to_coco(name, results, **scale, mask_threshold=settings.mask, image_id=self._photos)
        files = {"json": json.dumps(coco, ensure_ascii=False).encode("utf-8")}
        for drawing, finding in zip(drawings, findings, strict=True):
            drawn = io.BytesIO()
            image = draw(photo.pixels, finding.view, style=settings.style, mask_threshold=settings.mask)
            image.save(drawn, "PNG")
            files[drawing] = drawn.getvalue()
        started = self._csv.exists()
        rows = to_csv(name, results, **scale, mask_threshold=settings.mask, header=not started)
        with _undone_on_failure(self._csv, *(self._folder / f"{stem}.{ending}" for ending in files)):
            for ending, content in files.items():
                (self._folder / f"{stem}.{ending}").write_bytes(content)
            with self._csv.open("a", encoding="utf-8", newline="") as file:
                file.write(rows)

    def _free(self, stem: str, endings: Sequence[str]) -> str:
        """`stem`, or the first of stem-2, stem-3, ... of which no file with such an ending exists."""
        numbered = (f"{stem}-{number}" for number in itertools.count(2))
        return next(
            candidate
            for candidate in itertools.chain([stem], numbered)
            if not any((self._folder / f"{candidate}.{ending}").exists() for ending in endings)
        )


def _short(stem: str) -> str:
    """A stem that any file system takes together with a variant's id, also where the locale is not UTF-8."""
    kept = os.fsencode(stem)[:LONGEST_STEM].decode("utf-8", "ignore")
    return os.fsdecode(kept.encode("utf-8")) or DEFAULT_NAME


@contextmanager
def _undone_on_failure(table: Path, *files: Path) -> Iterator[None]:
    """On a disk that fills up, cut `table` back to what it was and remove `files`."""
    before = table.stat().st_size if table.exists() else 0
    try:
        yield
    except OSError:
        with suppress(OSError):
            if table.exists():
                os.truncate(table, before)
            for file in files:
                file.unlink(missing_ok=True)
        raise
