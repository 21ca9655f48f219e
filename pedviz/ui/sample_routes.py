"""The sample images and what is stored of them, as files: a sample needs no queue, and no server of ours.

    samples/<id>.json           the image as the page's stage takes it, with the address of its file
    samples/<file>              the image
    samples/<id>/<model>.json   what a released variant finds in it

The same addresses work in a copy of the site that is nothing but files.
"""

from functools import lru_cache

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from pedviz.data.sample_results import load_sample_result
from pedviz.data.samples import FileSample, samples
from pedviz.errors import PedvizError
from pedviz.models.manifest import available
from pedviz.models.specs import get_spec
from pedviz.ui.payload import photo_payload, result_payload, sentence
from pedviz.ui.payload_types import PhotoPayload, ResultPayload
from pedviz.ui.session import StagePhoto
from pedviz.ui.variants import describe

FOLDER = "samples"
NOT_FOUND = 404
HEADERS = {"Cache-Control": "no-cache"}
KEPT = 128  # more than there are; each is read once, because every visitor's first picture needs it
_result = lru_cache(KEPT)(load_sample_result)


def find_sample(sample_id: str | None) -> FileSample | None:
    """The project's own sample of that id."""
    return next((sample for sample in samples() if sample.id == sample_id), None)


def sample_url(sample_id: str | None) -> str | None:
    """Where the file of one of the project's own samples is, below the site's root; None for other images."""
    sample = find_sample(sample_id)
    return None if sample is None else f"{FOLDER}/{sample.path.name}"


@lru_cache(KEPT)
def sample_photo(sample: FileSample) -> PhotoPayload:
    """A sample for the stage; its `url` is an address below the site's root.

    Raises:
        PhotoError: its file is damaged.
    """
    staged = StagePhoto(photo=sample.load(), sample_id=sample.id, ground_truth=sample.ground_truth())
    return photo_payload(staged, url=sample_url(sample.id))


def sample_result(sample: FileSample, model_id: str) -> ResultPayload | None:
    """What a released variant finds in a sample, as the page takes it; None where that is not stored.

    Raises:
        UnknownModelError: no such variant.
        CheckpointError: the manifest cannot be read.
        PhotoError, ResultsError: the image or what is stored of it is damaged.
    """
    spec = get_spec(model_id)
    entry = available().get(spec.id)
    found = entry and _result(sample, spec.id, scores_from=entry.scores_from)
    if not found:
        return None
    return result_payload(found, photo_id=sample_photo(sample)["id"], model=describe(spec), cached=True)


def stored_pairs() -> dict[str, list[str]]:
    """The variants whose results are stored, for every sample; nothing where the manifest cannot be read."""
    try:
        released = available()
        return {
            sample.id: [
                spec_id
                for spec_id, entry in released.items()
                if _result(sample, spec_id, scores_from=entry.scores_from)
            ]
            for sample in samples()
        }
    except PedvizError:
        return {}


def sample_routes() -> list[Route]:
    """The addresses above."""

    def answer(content: PhotoPayload | ResultPayload | None) -> Response:
        if content is None:
            return Response("This result is not stored.", status_code=NOT_FOUND, media_type="text/plain")
        return JSONResponse(content, headers=HEADERS)

    def photo(request: Request) -> Response:
        sample = find_sample(request.path_params["sample_id"])
        return answer(None if sample is None else sample_photo(sample))

    def file(request: Request) -> Response:
        name = request.path_params["name"]
        path = next((sample.path for sample in samples() if sample.path.name == name), None)
        return FileResponse(path, headers=HEADERS) if path else answer(None)

    def result(request: Request) -> Response:
        sample = find_sample(request.path_params["sample_id"])
        try:
            model_id = request.path_params["model_id"]
            return answer(None if sample is None else sample_result(sample, model_id))
        except PedvizError as error:
            return Response(sentence(error), status_code=NOT_FOUND, media_type="text/plain")

    return [
        Route(f"/{FOLDER}/{{sample_id}}.json", photo),
        Route(f"/{FOLDER}/{{sample_id}}/{{model_id}}.json", result),
        Route(f"/{FOLDER}/{{name}}", file),
    ]
