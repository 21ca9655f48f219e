"""What the page asks for, checked. It comes from a browser, so nothing about it is trusted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pedviz.errors import ArgumentError
from pedviz.types import DETECTION_LIMIT

Requests = dict[str, dict[str, Any]]  # the value of the request channel: the last request of each kind


def _whole(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ArgumentError(f"{name}: expected a whole number from 0, got {value!r:.40}")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise ArgumentError(f"{name}: expected a text, got {value!r:.40}")
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
            ArgumentError: it is none of a sample or a file.
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
            ArgumentError: a field is missing or of another type, or there are too many ids.
        """
        ids = request.get("ids") or []
        if not isinstance(ids, list) or len(ids) > DETECTION_LIMIT:
            raise ArgumentError(f"ids: expected a list of at most {DETECTION_LIMIT}, got {ids!r:.40}")
        return cls(
            ticket=_whole(request.get("ticket"), "ticket"),
            photo_id=_text(request.get("photo_id"), "photo_id"),
            model_id=_text(request.get("model_id"), "model_id"),
            ids=tuple(_whole(value, "ids") for value in ids),
            tiles=request.get("tiles") is True,
            upload=_text(request.get("upload", ""), "upload"),
        )


def download_ticket(request: dict[str, object]) -> int:
    """The number of a request to fetch the test images.

    Raises:
        ArgumentError: there is none.
    """
    return _whole(request.get("ticket"), "ticket")


def stopped_until(request: dict[str, object]) -> int:
    """The number of a pane's last request that is no longer wanted.

    Raises:
        ArgumentError: there is none.
    """
    return _whole(request.get("until"), "until")


_READERS: dict[str, Callable[[dict[str, object]], object]] = {
    "choose": PhotoRequest.read,
    "download": download_ticket,
    "run": RunRequest.read,
    "look": RunRequest.read,
    "stop": stopped_until,
}


def check_event(event: str, data: list[object]) -> None:
    """Refuse what an event of the page cannot be answered from; other events are not looked at.

    Args:
        event: such as "choose" or "run_a".
        data: what was sent with it: the value of the request channel.

    Raises:
        ArgumentError: that is not such a value, or the event's request in it is malformed.
    """
    verb, _, pane = event.partition("_")
    if verb not in _READERS:
        return
    key = {"choose": "photo", "download": "download", "stop": event}.get(verb, pane)
    requests = data[0] if len(data) == 1 else None
    request = requests.get(key) if isinstance(requests, dict) else None
    if not isinstance(request, dict):
        raise ArgumentError(f"{event}: expected one object with a request '{key}'")
    _READERS[verb](request)
