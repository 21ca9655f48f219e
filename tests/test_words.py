"""Words that may not come back: the literature has a term for each, which a reader can look up."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("pedviz", "training", "assets/about", "assets/lessons", "docs")
FILES = ("README.md", "CONTRIBUTING.md", "app.py")
ENDINGS = {".py", ".js", ".md", ".css"}

# A pattern of what may not come back, in letters of either case, and the standard term.
STANDARD = {
    r"trunks?": "backbone",
    r"wish(es)?": "request",
    r"mend(s|ed|ing)?": "fix",
    r"unasked": "automatically",
    r"coloured-in": "segmented",
    r"really there": "ground truth",
    r"half[ -]right": "partly correct",
    r"smoothed": "interpolated (precision)",
    r"curve as it is": "uninterpolated",
    r"hit needs": "IoU threshold",
    r"matching IoU": "IoU threshold for matching",
    r"precision over recall": "precision-recall curve",
    r"AP over the IoU": "AP vs. IoU threshold",
    r"F1 over the score": "F1 vs. score threshold",
    r"means what it says": "perfect calibration",
    r"share that is right": "fraction correct (precision)",
    r"is the difference real": "Significance",
    r"all the numbers": "Results",
    r"what goes wrong": "Error analysis",
    r"AP given back": "AP gained if fixed",
    r"kinds? of mistakes?": "error type",
    r"what it costs": "Speed and size",
    r"where the weights sit": "parameters by component",
    r"what changes when one setting": "Ablations",
    r"how the weights learned": "Training curves",
    r"drawn from them again": "1,000 paired bootstrap resamples",
    r"stored answers?": "stored predictions",
    r"before compacting": "before quantisation",
    r"shipped weights?": "released weights",
    r"pays the loss": "minimises the loss",
    r"what a wrong number costs": "regression loss",
    r"log loss(es)?": "binary cross-entropy",
    r"raw outputs?": "logit",
    r"RoI pool(ing)? against": "RoIPool vs. RoIAlign",
    r"RoI align": "RoIAlign",
    r"RoI pool(ing)?": "RoIPool",
    r"(bins|samples) a side": "bins per side",
    r"0 for one a cell": "sampling ratio (0 = adaptive)",
    r"values? in the middle": "half-pixel shift",
    r"the way back": "backward pass",
    r"hulls?": "smallest enclosing box",
    r"(follow|down|along) the slope|no slope|(their|its) slopes?": "gradient",
    r"who looks": "query",
    r"like another": "similar to",
    r"order is free": "linear attention: reordering the product",
    r"batch norm is trained": "trainable BatchNorm",
    r"start the argument": "start the proof",
    r"argument step by step": "proof",
    r"from photo to person": "Inside the detector",
    r"two detectors look at one photo": "Compare two pedestrian detectors",
    r"bring a photo": "upload a photo",
    r"whom each finds": "who each finds",
    r"the fair comparison": "a fairer comparison",
    r"reports' large model": "the larger model of the course reports",
    r"no weights here": "weights not installed",
    r"flip A / B": "Toggle A / B",
    r"same for A and B": "Link A and B",
    r"forget my photo": "Delete my photo",
    r"no network ran": "cached result",
    r"from the weights before": "previous checkpoint",
    r"one processor core": "one CPU core",
    r"not forgotten": "rehearsal limits forgetting",
    r"for nothing that matters": "not for safety-critical use",
    r"every number again": "Reproducing the results",
    r"what is kept of a photo": "Privacy",
    r"works? it stands on": "References",
    r"where all of them fail": "Known limitations",
    r"whom it misses": "Misses by size",
    r"a line an? epoch": "one line per epoch",
    r"(hands|near|early|fetched|remember|facts|paint|verdicts)\.js": "a name that says what the module does",
    r"wishes\.py|Places\.taken": "requests.py, Slots.acquired",
    r"(test|training|sample|street) pictures?": "image; photo for what a visitor uploads",
    r"suppression \(NMS\)": "NMS IoU threshold",
}


def _texts() -> dict[str, str]:
    """Every text of the project, by its path."""
    found = [ROOT / name for name in FILES]
    found += [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in ENDINGS]
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in found}


# Of small letters, which is twenty times as fast as a pattern for either case.
PATTERNS = {word.lower().replace(" ", r"\s+"): standard for word, standard in STANDARD.items()}
ANYTHING = re.compile(rf"(?<![\w-])(?:{'|'.join(PATTERNS)})(?![\w-])")
# Between two lines of one sentence: where a string ends, and a comment or the rest of the string begins.
BREAK = re.compile(r"""(?:["'`]\s*\+?)?[ \t]*\n\s*(?:[#*>+]|//)*\s*(?:f?["'`])?""")


def _forbidden(text: str) -> list[str]:
    """What may not come back, each with the number of its first line, however many its words stand on."""
    flat = BREAK.sub(lambda found: " " * len(found[0]), text).lower()
    return [
        f"{text[: found.start()].count(chr(10)) + 1}: {found[0]!r}, say: {standard}"
        for found in ANYTHING.finditer(flat)
        for pattern, standard in PATTERNS.items()
        if re.fullmatch(pattern, found[0])
    ]


def test_the_standard_terms_are_used():
    violations = [f"{path}:{one}" for path, text in sorted(_texts().items()) for one in _forbidden(text)]
    assert violations == [], "\n" + "\n".join(violations)


@pytest.mark.parametrize(
    "text",
    [
        "One line.\nThis is what it\ncosts.\n",
        "x = 1\n    # what it\n    # costs\n",
        'a = (\n    "this is what it "\n    f"costs"\n)\n',
        "f(\n  `this is what it ` +\n    `costs`,\n);\n",
    ],
    ids=["text", "comment", "Python string", "JavaScript string"],
)
def test_a_term_is_seen_on_two_lines(text):
    (found,) = _forbidden(text)
    assert found.startswith("2: 'what it ")
    assert found.endswith("costs', say: Speed and size")


def test_what_a_visitor_reads_says_image_or_photo():
    """In code a picture is also what a module draws; in texts it is an image, a figure or a photo."""
    texts = {path: text for path, text in _texts().items() if path.endswith(".md")}
    assert len(texts) > 10
    assert [path for path, text in texts.items() if re.search(r"\bpictures?\b", text, re.I)] == []
