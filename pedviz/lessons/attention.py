"""Lesson 5, attention: three vectors that attend to each other, with weights in exact fractions."""

from pedviz.lessons.lesson import Claim, Lesson, Preset, State
from pedviz.lessons.settings import Choice, Count, Number, Numbers
from pedviz.theory.attention import EXAMPLE_VECTORS

AXES = ("p", "q", "r", "s")
LARGEST = 9
LONGEST = 4096  # vectors of a sequence whose products are counted


def _vectors(*vectors: tuple[float, ...], alpha: float = 1) -> State:
    return {"z1": vectors[0], "z2": vectors[1], "z3": vectors[2], "alpha": alpha}


PRESETS = (
    Preset(
        key="report",
        label="Three vectors",
        note="z1 = p + 2q, z2 = r + q, z3 = s + 3p on four axes at right angles. No similarity is negative, "
        "so dividing by their sum gives proper weights.",
        state=_vectors(*EXAMPLE_VECTORS),
    ),
    Preset(
        key="long",
        label="Three times as long",
        note="α = 3: every dot product is nine times as large. Linear weights stay the same, and softmax "
        "gives nearly everything to one vector. Dividing by √d softens that a little.",
        state=_vectors(*EXAMPLE_VECTORS, alpha=3),
    ),
    Preset(
        key="against",
        label="One points against",
        note="z2 points away from z1. A negative similarity makes a linear weight fall below 0 and "
        "another rise above 1: no mixture any more. Softmax stays within 0 and 1.",
        state=_vectors((1, 2, 0, 0), (0, -2, 1, 0), (3, 0, 0, 1)),
    ),
    Preset(
        key="zero",
        label="A sum of zero",
        note="z1 and z2 cancel: their rows sum to 0, and nothing can be divided by 0. Softmax is defined "
        "all the same.",
        state=_vectors((1, 1, 0, 0), (-1, -1, 0, 0), (0, 0, 2, 1)),
    ),
    Preset(
        key="equal",
        label="Equally long",
        note="Vectors of one length: none is more similar to another than to itself, whatever the angle.",
        state=_vectors((2, 2, 1, 0), (0, 1, 2, 2), (3, 0, 0, 0)),
    ),
    Preset(
        key="apart",
        label="At right angles",
        note="No vector is similar to another: linear attention changes nothing. Softmax still mixes, "
        "because exp(0) is 1 and not 0.",
        state=_vectors((2, 0, 0, 0), (0, 1, 0, 0), (0, 0, 3, 0)),
    ),
    Preset(
        key="nothing",
        label="Without length",
        note="z2 is 0: it is similar to none, itself included, so its sum is 0. Softmax gives all three a "
        "weight of a third.",
        state=_vectors((1, 2, 0, 0), (0, 0, 0, 0), (3, 0, 0, 1)),
    ),
)


def _turned(key: str, label: str, t: float, note: str) -> Preset:
    state = _vectors(*EXAMPLE_VECTORS) | {"row": "1", "t": t}
    return Preset(key=key, label=label, note=note, state=state, group="turn")


TURNS = (
    _turned("as-is", "t = 1", 1, "The report's weights: 1/2, 1/5 and 3/10."),
    _turned("turned", "t = −1", -1, "z3 points the other way: its weight is below 0, that of z1 above 1."),
    _turned(
        "almost",
        "t = −2.3",
        -2.3,
        "The sum is 0.1, so the weights are tens of times too large, out of the plot.",
    ),
    _turned(
        "pole", "t = −7/3", -7 / 3, "The sum is exactly 0: to either side the weights grow without bound."
    ),
)

SETTINGS = (
    *(
        Numbers(
            key=f"z{place}", label=f"z{place}", default=tuple(map(float, vector)), low=-LARGEST, high=LARGEST,
            step=1, names=AXES,
        )
        for place, vector in enumerate(EXAMPLE_VECTORS, start=1)
    ),
    Number(key="alpha", label="α, length of the four axes", default=1, low=0.1, high=5, step=0.1),
    Choice(key="row", label="Query", default="1", options=(("1", "z1"), ("2", "z2"), ("3", "z3"))),
    Choice(
        key="how", label="Weights", default="linear",
        options=(("linear", "linear"), ("softmax", "softmax"), ("scaled", "softmax of similarity / √d")),
    ),
    Number(key="t", label="t, the factor of z3", default=1, low=-5, high=5, step=0.05),
    Choice(key="key", label="Compared with", default="3", options=(("1", "z1"), ("2", "z2"), ("3", "z3"))),
    Count(key="n", label="Vectors in the sequence, n", default=len(EXAMPLE_VECTORS), low=1, high=LONGEST),
    Count(key="d", label="Coordinates of each, d", default=len(AXES), low=1, high=512),
)  # fmt: skip

CLAIMS = (
    Claim(
        source="Report A",
        says="z1 becomes 1/2 z1 + 1/5 z2 + 3/10 z3, and z3 becomes 3/13 z1 + 10/13 z3.",
        verdict="right",
        answer="Both, and z2 becomes 1/2 z1 + 1/2 z2: worked out above in exact fractions.",
        state=_vectors(*EXAMPLE_VECTORS) | {"how": "linear"},
    ),
    Claim(
        source="Report A",
        says="Two vectors can be more similar than a third is to itself: z1·z3 = 3 > z2·z2 = 2.",
        verdict="right",
        answer="Dot products grow with length, so a long pair beats a short vector. The condition and all "
        "nine comparisons are above.",
        state=_vectors(*EXAMPLE_VECTORS) | {"row": "1", "key": "3"},
        at="crossing",
    ),
    Claim(
        source="Report A",
        says="Attention weights are the similarities, divided by their sum.",
        verdict="incomplete",
        answer="That is linear attention, and works while no similarity is negative: here the sum is 0. A "
        "transformer takes softmax(QKᵀ / √d), which is always defined and always between 0 and 1.",
        state=TURNS[-1].state,
        at="turn",
    ),
)


LESSON = Lesson(
    slug="attention",
    number=5,
    title="Attention",
    question="How do similarities between vectors become weights, and what is the softmax for?",
    settings=SETTINGS,
    presets=PRESETS + TURNS,
    claims=CLAIMS,
    needs="dot products and the exponential function",
    core=("weights", "turn"),
)
