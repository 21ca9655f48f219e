"""What the page asks for, checked. It comes from a browser, so nothing about it is trusted."""

from dataclasses import dataclass

from pedviz.types import DETECTION_LIMIT


def _whole(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{name}: expected a whole number from 0, got {value!r:.40}")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name}: expected a text, got {value!r:.40}")
    return value


@dataclass(frozen=True, kw_only=True)
class PhotoRequest:
    """Put a sample or an uploaded file on the stage.

    Attributes:
        ticket: the request's number.
        sample_id: a gallery image, or None.
        upload: the token of an uploaded file, empty where there is a sample.
        name: what the visitor calls it.
    """

    ticket: int
    sample_id: str | None
    upload: str
    name: str

    @classmethod
    def read(cls, request: dict[str, object]) -> "PhotoRequest":
        """Check a request.

        Raises:
            ValueError: it is none of a sample or a file.
        """
        ticket, sample = _whole(request.get("ticket"), "ticket"), request.get("sample")
        if sample is not None:
            return cls(ticket=ticket, sample_id=_text(sample, "sample"), upload="", name="")
        upload, name = _text(request.get("path"), "path"), _text(request.get("name"), "name")
        return cls(ticket=ticket, sample_id=None, upload=upload, name=name)


@dataclass(frozen=True, kw_only=True)
class RunRequest:
    """Detect people in the photo on the stage.

    Attributes:
        ticket: the request's number.
        photo_id: the photo it is about.
        model_id: the variant.
        ids: candidates whose mask maps are wanted beside the usual ones.
        tiles: whether the detector looks at tiles of the original as well.
        upload: the token of the photo's file once more where tiles are to be cut out of it; empty otherwise.
    """

    ticket: int
    photo_id: str
    model_id: str
    ids: tuple[int, ...]
    tiles: bool = False
    upload: str = ""

    @classmethod
    def read(cls, request: dict[str, object]) -> "RunRequest":
        """Check a request.

        Raises:
            ValueError: a field is missing or of another type, or there are too many ids.
        """
        ids = request.get("ids") or []
        if not isinstance(ids, list) or len(ids) > DETECTION_LIMIT:
            raise ValueError(f"ids: expected a list of at most {DETECTION_LIMIT}, got {ids!r:.40}")
        return cls(
            ticket=_whole(request.get("ticket"), "ticket"),
            photo_id=_text(request.get("photo_id"), "photo_id"),
            model_id=_text(request.get("model_id"), "model_id"),
            ids=tuple(_whole(value, "ids") for value in ids),
            tiles=request.get("tiles") is True,
            upload=_text(request.get("upload", ""), "upload"),
        )
