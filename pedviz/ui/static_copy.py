"""The site as files, for any web server at any path: what is stored is shown, what computes says so.

The same content gives the same bytes. Nothing here needs Gradio or torch.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pedviz.dashboard.pair import compare
from pedviz.dashboard.stored import read_stored
from pedviz.data.photos import MAX_BYTES
from pedviz.data.samples import samples
from pedviz.errors import PedvizError
from pedviz.lessons import photo
from pedviz.models.specs import get_spec
from pedviz.paths import CODE_LICENCE, results_folder
from pedviz.site.assets import SHEETS, WEB_FOLDER
from pedviz.site.documents import FIRST_SCRIPT, document, for_copy, script, script_address
from pedviz.site.pages import DATA_FILES, LINKS_TO_IMAGES, PAGES, Page
from pedviz.ui.gallery import Gallery
from pedviz.ui.payload_types import ChoicePayload, MissingPayload, SamplePayload
from pedviz.ui.sample_routes import sample_photo, sample_result, stored_pairs
from pedviz.ui.setup import page_setup
from pedviz.ui.trace_payload import sample_trace, stored_pass
from pedviz.ui.variants import choices
from pedviz.viz.palette import ComparisonPayload

File = tuple[str, bytes]
COMPUTED: MissingPayload = {
    "short": "needs the server",
    "sentence": "Its results are not part of this copy of the site; it needs the server:",
    "command": "pedviz app",
}
TRACED = photo.DEFAULT_MODEL  # whose pass over each sample lessons 3 and 7 show


def write_site(folder: Path) -> int:
    """Write the whole site into a folder.

    Args:
        folder: new or empty.

    Returns:
        The bytes of all files together.

    Raises:
        PedvizError: there is something in `folder`, it cannot be written, or something stored is damaged.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise PedvizError(f"{folder} is not empty; name a new folder")
        total = 0
        for address, content in _files():
            path = folder / address
            path.parent.mkdir(parents=True, exist_ok=True)
            total += path.write_bytes(content)
    except OSError as error:
        raise PedvizError(f"{folder} cannot be written: {error.strerror or error}") from error
    return total


def _json(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":"), sort_keys=True).encode()


def _files() -> Iterator[File]:
    """Every file of the copy, as its address below the root and its bytes."""
    for page in PAGES:
        shown = page if page.name else _detect(page)
        yield page.address if page.name else "index.html", document(shown, is_copy=True).encode()
        yield script_address(page), script(for_copy(shown)).encode()
    for path in sorted(WEB_FOLDER.rglob("*")):
        if path.suffix == ".svg" or path == WEB_FOLDER / FIRST_SCRIPT:  # the rest is in the pages' scripts
            yield f"web/{path.relative_to(WEB_FOLDER).as_posix()}", path.read_bytes()
    for name, sheet in SHEETS.items():
        yield f"web/{name}", sheet().encode()
    yield "licence.txt", CODE_LICENCE.read_bytes()
    yield from _stored_results()
    yield from _sample_files()
    yield from _passes()


def _stored_results() -> Iterator[File]:
    """What pages fetch, every pair of variants compared, and the stored predictions."""
    for name, give in DATA_FILES.items():
        extra = {"test_images": False} if name in LINKS_TO_IMAGES else {}
        yield name, _json({**give(), **extra})
    stored = read_stored()
    compared = [spec_id for spec_id, row in stored.shipped.items() if stored.records.get(row.predictions)]
    for first in compared:
        for second in compared:
            pair = compare(stored, first=first, second=second)
            yield f"dashboard-pair/{first}/{second}.json", _json(_numbers_of(pair))
    for path in sorted(results_folder().glob("predictions/*.json")):
        yield f"results/predictions/{path.name}", path.read_bytes()


def _numbers_of(pair: ComparisonPayload) -> dict[str, Any]:
    """What the Dashboard shows of two variants; the page that shows curves and images needs the server."""
    by_kind = {
        kind: {
            "runs": [{"numbers": run["numbers"]} for run in found["runs"]],
            "difference": found["difference"],
        }
        for kind, found in pair["by_kind"].items()
    }
    return {**pair, "by_kind": by_kind}


def _listed() -> list[SamplePayload]:
    """The project's own samples, as the page lists them."""
    own = {sample.id for sample in samples()}
    return [entry for entry in Gallery().listed() if entry["id"] in own]


def _choices(shown: set[str]) -> list[ChoicePayload]:
    """The variants for a chooser, those apart from `shown` marked as in need of the server."""
    return [{**choice, "missing": None if choice["id"] in shown else COMPUTED} for choice in choices()]


def _stored_models() -> set[str]:
    """Variants with a result for every sample."""
    return set.intersection(*map(set, stored_pairs().values()))


def _detect(page: Page) -> Page:
    """The Detect page for a copy: the same parts, with stored files behind them."""
    setup = page_setup(
        Gallery(), models=_choices(_stored_models()), stored=stored_pairs(), upload_url=None
    )
    data = {"setup": setup, "samples": {"samples": _listed(), "can_download": False}}
    return replace(page, module="detect/copy.js", data=lambda: data)


def _sample_files() -> Iterator[File]:
    """The sample images, small and whole, and what the released variants find in them."""
    gallery, stored = Gallery(), sorted(_stored_models())
    for sample in samples():
        yield f"thumbnails/{sample.id}.webp", gallery.thumbnail(sample.id)
        yield f"samples/{sample.path.name}", sample.path.read_bytes()
        yield f"samples/{sample.id}.json", _json(sample_photo(sample))
        for spec_id in stored:
            yield f"samples/{sample.id}/{spec_id}.json", _json(sample_result(sample, spec_id))


def _passes() -> Iterator[File]:
    """One detector's pass over each sample, opened up, as far as it is stored of the released weights."""
    gallery, spec = Gallery(), get_spec(TRACED)
    stored = {sample.id: stored_pass(sample.id, spec) for sample in samples()}
    offer = {
        "samples": _listed(),
        "models": _choices({TRACED} if all(stored.values()) else set()),
        "max_bytes": MAX_BYTES,
    }
    yield "trace.json", _json(offer)
    for sample_id, found in stored.items():
        if found is None:
            continue
        answer = sample_trace(found, staged=gallery.open(sample_id), spec=spec)
        yield f"trace/{sample_id}/{TRACED}.json", _json(answer.trace)
        for level, maps in enumerate(answer.maps):
            yield f"trace/{sample_id}/{TRACED}/{level}.json", _json(maps)
