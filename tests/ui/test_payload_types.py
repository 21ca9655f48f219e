"""The page's types of payloads are those of Python, and payloads are what their types say."""

from typing import Any, TypedDict, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from pedviz.detectors import CLUSTER
from pedviz.models.specs import SPECS
from pedviz.ui import payload_types
from pedviz.ui.gallery import Gallery
from pedviz.ui.payload_types import FILE, SetupPayload, TracePayload, declarations
from pedviz.ui.setup import page_setup
from pedviz.ui.trace_payload import trace_payload
from pedviz.ui.variants import choices
from tests.web.trace_scene import SPEC, made_up_picture, made_up_trace


def wrong(hint: Any, value: Any, where: str) -> list[str]:
    """Where a value is not what a type says."""
    if is_typeddict(hint):
        fields = get_type_hints(hint)
        if not isinstance(value, dict):
            return [f"{where}: {value!r:.60} is no {hint.__name__}"]
        if set(fields) != set(value):
            return [f"{where}: {sorted(set(fields) ^ set(value))}"]
        return [said for name, kind in fields.items() for said in wrong(kind, value[name], f"{where}.{name}")]
    parts = get_args(hint)
    if get_origin(hint) is list:
        return [said for place, one in enumerate(value) for said in wrong(parts[0], one, f"{where}[{place}]")]
    if get_origin(hint) is dict:
        return [said for key, one in value.items() for said in wrong(parts[1], one, f"{where}[{key}]")]
    if parts:
        return [] if any(not wrong(part, value, where) for part in parts) else [f"{where}: {value!r:.60}"]
    fits = hint is Any or type(value) is hint or (hint is float and type(value) is int)
    return [] if fits else [f"{where}: {value!r:.60} is no {hint.__name__}"]


def test_the_pages_types_are_those_of_python():
    assert FILE.read_text("utf-8") == declarations(), "run: python -m pedviz.ui.payload_types"


def test_a_trace_is_what_its_type_says():
    found = trace_payload(made_up_trace(), picture=made_up_picture("opera"), spec=SPEC)
    assert wrong(TracePayload, found, "trace") == []


def test_the_setup_is_what_its_type_says():
    found = page_setup(Gallery(), models=choices(), stored={"opera": [SPECS[0].id]}, upload_url=None)
    assert wrong(SetupPayload, found, "setup") == []


def test_the_page_knows_whether_photos_travel_to_a_cluster(monkeypatch):
    options = {"models": choices(), "stored": {}}
    assert not page_setup(Gallery(), upload_url="upload", **options)["on_cluster"]
    monkeypatch.setenv(CLUSTER, "auto")
    assert page_setup(Gallery(), upload_url="upload", **options)["on_cluster"]
    assert not page_setup(Gallery(), upload_url=None, **options)["on_cluster"]


@pytest.mark.parametrize(
    ("hint", "written"),
    [
        (int | None, "number | null"),
        (list[str | None], "(string | null)[]"),
        (dict[str, Any], "Record<string, any>"),
    ],
)
def test_types_are_written_as_typescript_reads_them(hint, written):
    assert payload_types._written(hint) == written


def test_a_wrong_field_is_noticed():
    class Small(TypedDict):
        size: list[int]

    assert wrong(Small, {"size": [1, "2"]}, "it") == ["it.size[1]: '2' is no int"]
    assert wrong(Small, {"length": 1}, "it") == ["it: ['length', 'size']"]
