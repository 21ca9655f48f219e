"""The page's types of payloads are those of Python, and payloads are what their types say."""

from typing import Any, Literal, NotRequired, TypedDict, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from pedviz.about.page import page_data
from pedviz.about.payload_types import AboutPayload
from pedviz.dashboard.pair import compare, example_pair
from pedviz.dashboard.payload import dashboard_payload, variants_payload
from pedviz.dashboard.payload_types import DashboardPayload, VariantsPayload
from pedviz.dashboard.stored import read_stored
from pedviz.detectors import CLUSTER
from pedviz.lessons.lesson import Lesson
from pedviz.lessons.payload_types import LessonPayload
from pedviz.lessons.registry import LESSONS
from pedviz.models.specs import SPECS
from pedviz.packed import PackedPass
from pedviz.site.pages import lesson_data
from pedviz.trace import pack_trace
from pedviz.ui import payload_types
from pedviz.ui.gallery import Gallery
from pedviz.ui.payload_types import FILE, MapsPayload, SetupPayload, TracePayload, declarations
from pedviz.ui.setup import page_setup
from pedviz.ui.trace_payload import sample_trace, trace_payload
from pedviz.ui.variants import choices
from pedviz.viz.palette import ComparisonPayload
from tests.web.trace_scene import SPEC, made_up_picture, made_up_trace


def wrong(hint: Any, value: Any, where: str) -> list[str]:
    """Where a value is not what a type says."""
    if is_typeddict(hint):
        fields = get_type_hints(hint)
        if not isinstance(value, dict):
            return [f"{where}: {value!r:.60} is no {hint.__name__}"]
        if differ := (set(fields) ^ set(value)) - hint.__optional_keys__:
            return [f"{where}: {sorted(differ)}"]
        return [said for name, one in value.items() for said in wrong(fields[name], one, f"{where}.{name}")]
    parts = get_args(hint)
    if get_origin(hint) is Literal:
        return [] if value in parts else [f"{where}: {value!r:.60} is none of {parts}"]
    if get_origin(hint) is tuple and Ellipsis not in parts:
        if not isinstance(value, tuple) or len(value) != len(parts):
            return [f"{where}: {value!r:.60} is no {hint}"]
        each = enumerate(zip(parts, value, strict=True))
        return [said for place, (kind, one) in each for said in wrong(kind, one, f"{where}[{place}]")]
    if get_origin(hint) in (list, tuple):
        if not isinstance(value, get_origin(hint)):
            return [f"{where}: {value!r:.60} is no {get_origin(hint).__name__}"]
        return [said for place, one in enumerate(value) for said in wrong(parts[0], one, f"{where}[{place}]")]
    if get_origin(hint) is dict:
        if not isinstance(value, dict):
            return [f"{where}: {value!r:.60} is no dict"]
        pairs = value.items()
        keys = [said for key, _ in pairs for said in wrong(parts[0], key, f"{where}, a key")]
        return keys + [said for key, one in pairs for said in wrong(parts[1], one, f"{where}[{key}]")]
    if parts:
        return [] if any(not wrong(part, value, where) for part in parts) else [f"{where}: {value!r:.60}"]
    fits = hint is Any or type(value) is hint or (hint is float and type(value) is int)
    return [] if fits else [f"{where}: {value!r:.60} is no {hint.__name__}"]


def test_the_pages_types_are_those_of_python():
    assert FILE.read_text("utf-8") == declarations(), "run: python -m pedviz.ui.payload_types"


def test_a_trace_is_what_its_type_says():
    found = pack_trace(made_up_trace())
    assert wrong(PackedPass, found, "pass") == []
    whole = trace_payload(found, staged=made_up_picture(None), spec=SPEC)
    assert wrong(TracePayload, whole, "trace") == []
    apart = sample_trace(found, staged=made_up_picture("opera"), spec=SPEC)
    assert wrong(TracePayload, apart.trace, "sample") == []
    assert [wrong(MapsPayload, maps, "maps") for maps in apart.maps] == [[]] * len(whole["levels"])


def test_the_setup_is_what_its_type_says():
    found = page_setup(Gallery(), models=choices(), stored={"opera": [SPECS[0].id]}, upload_url=None)
    assert wrong(SetupPayload, found, "setup") == []


def test_the_page_knows_whether_photos_travel_to_a_cluster(monkeypatch):
    options = {"models": choices(), "stored": {}}
    assert not page_setup(Gallery(), upload_url="upload", **options)["on_cluster"]
    monkeypatch.setenv(CLUSTER, "auto")
    assert page_setup(Gallery(), upload_url="upload", **options)["on_cluster"]
    assert not page_setup(Gallery(), upload_url=None, **options)["on_cluster"]


def test_what_documents_fetch_is_what_its_type_says():
    assert wrong(DashboardPayload, dashboard_payload(), "dashboard") == []
    assert wrong(VariantsPayload, variants_payload() | {"test_images": True}, "variants") == []
    assert wrong(AboutPayload, page_data(), "about") == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_a_lesson_is_what_its_type_says(lesson: Lesson):
    assert wrong(LessonPayload, lesson_data(lesson), lesson.slug) == []


def test_a_comparison_is_what_its_type_says():
    first, second = (one["id"] for one in example_pair())
    assert wrong(ComparisonPayload, compare(read_stored(), first=first, second=second), "pair") == []


@pytest.mark.parametrize(
    ("hint", "written"),
    [
        (int | None, "number | null"),
        (list[str | None], "(string | null)[]"),
        (dict[str, Any], "Record<string, any>"),
        (dict[Literal["a", "b"], int], 'Record<"a" | "b", number>'),
        (tuple[float, ...] | None, "number[] | null"),
        (list[tuple[float, str]], "([number, string])[]"),
    ],
)
def test_types_are_written_as_typescript_reads_them(hint, written):
    assert payload_types._written(hint) == written


def test_a_wrong_field_is_noticed():
    class Small(TypedDict):
        size: list[int]

    assert wrong(Small, {"size": [1, "2"]}, "it") == ["it.size[1]: '2' is no int"]
    assert wrong(Small, {"length": 1}, "it") == ["it: ['length', 'size']"]


def test_keys_words_and_places_are_compared_too():
    class Loose(TypedDict):
        name: NotRequired[Literal["a"]]

    assert wrong(Loose, {}, "it") == []
    assert wrong(Loose, {"name": "b"}, "it") == ["it.name: 'b' is none of ('a',)"]
    assert wrong(dict[Literal["a"], int], {"b": 1}, "it") == ["it, a key: 'b' is none of ('a',)"]
    assert wrong(list[int], (1, 2), "it") == ["it: (1, 2) is no list"]
    assert wrong(tuple[int, str], (1, 2), "it") == ["it[1]: 2 is no str"]
