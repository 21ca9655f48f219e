"""A weight's recipe in plain words, and the commands that make the weight and its figures again."""

import shlex
from collections.abc import Iterator, Mapping

from pedviz.about.payload_types import Command
from pedviz.models.manifest import UNNAMED_OPTIMISER, CheckpointEntry

# The settings that a phrase needs, and the phrase. One that lacks a setting is left out, so a recipe may have
# fewer settings than these; all that it has are listed beside the words.
_PHRASES: tuple[tuple[str, str], ...] = (
    ("epochs batch", "{epochs} passes over the images, {batch} at a time."),
    ("lr warmup", "The learning rate rises to {lr} over the first {warmup} steps{then}."),
    (
        "momentum weight_decay clip",
        "{optimiser} with momentum {momentum} and weight decay {weight_decay}; a gradient "
        "longer than {clip} is shortened to that (0 never shortens).",
    ),
    (
        "sizes max_size",
        "Every image is resized so that its shorter side has one of {sizes} pixels, drawn each time, and "
        "its longer side at most {max_size}.",
    ),
    (
        "flip crop colour",
        "It is mirrored with chance {flip} and cropped with chance {crop}; brightness, contrast and "
        "saturation vary with strength {colour}.",
    ),
    (
        "jitter copy_paste",
        "Its scale varies by a factor of {jitter}; people of another image are pasted on it with chance "
        "{copy_paste}, where both have masks.",
    ),
    (
        "box_loss layer_decay ema",
        "The box loss is {box_loss}. Each stage of the backbone learns {layer_decay} times as fast as the "
        "one after it. The result is a moving average of the weights with decay {ema}.",
    ),
    (
        "frozen_stages norm",
        "The first {frozen_stages} of the backbone's five stages are frozen; batch normalisation is {norm}.",
    ),
    (
        "proposals regions",
        "The proposal network hands on {proposals} regions an image; the box head learns from {regions}.",
    ),
    ("heads", "Proposal network and heads {heads}."),
    ("teacher", "The pyramid learns to give what that of {teacher} gives as well."),
    ("hidden", "The last mask layer has {hidden} channels."),
    ("averaged", "The result is averaged with the weights that it began from; {averaged} of it is new."),
    ("seed", "Random seed {seed}."),
)
_FALLS = {
    "cosine": ", then falls to zero along a cosine",
    "step": ", then falls to a tenth every {step_epochs} passes",
}
_OPTIMISERS = {"sgd": "Stochastic gradient descent", "adamw": "AdamW"}
_HEADS = {True: "learn along with the pyramid", False: "do not learn"}
_NORMS = {"frozen": "frozen as it came", "batch": "learned along"}
# Settings of a recipe that `python -m training.train` takes by the same name.
_OPTIONS = (
    "epochs", "optimiser", "lr", "batch", "hidden", "norm", "warmup", "regions", "frozen_stages",
    "teacher", "seed",
)  # fmt: skip
_LINE_LENGTH = 100  # of a command, characters
# What the commands are for.
_FROM_PREDICTIONS = "The figures, from the stored predictions: no data set, no network"
_FROM_IMAGES = "The figures, from the test images, with this weight"
_TRAINING = (
    "The training, from the same start and on the same images, whose files are named without folders; "
    "training/LOG.md has the stages before it"
)
_TRAINING_UNRECORDED = (
    "A training with this recipe alone, from ImageNet and on Penn-Fudan. The options for start, other photos "
    "and precision were not recorded with this weight: its start and data are above, and training/LOG.md "
    "has the exact stages that led to it"
)
_AVERAGE = "The average with the weights that it began from, which lie in BEFORE as final.safetensors"
_PUBLISHED = "The finished run as an 8-bit file of the manifest"


def as_text(value: object) -> str:
    """A setting's value as the page shows it."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def in_words(recipe: Mapping[str, object]) -> list[str]:
    """The sentences that say what a recipe does; a setting that it lacks is not spoken of."""
    values = {key: as_text(value) for key, value in recipe.items()}
    falls = _FALLS.get(values.get("schedule", ""), "")
    values["then"] = falls.format(step_epochs=values.get("step_epochs", "few"))
    optimiser = values.get("optimiser", UNNAMED_OPTIMISER)
    values["optimiser"] = _OPTIMISERS.get(optimiser, optimiser)
    values["norm"] = _NORMS.get(values.get("norm", ""), values.get("norm", ""))
    values["heads"] = _HEADS[bool(recipe.get("heads", True))]
    known = {key for key, value in recipe.items() if value != ""}
    return [phrase.format(**values) for needed, phrase in _PHRASES if known.issuperset(needed.split())]


def commands(entry: CheckpointEntry) -> list[Command]:
    """How to get the figures and the weight again, as {purpose, command}, the cheapest first."""
    evaluate = f"python -m training.evaluate {entry.spec_id}"
    run = f"runs/{entry.spec_id}-s{entry.recipe.get('seed', 0)}-..."
    listed = {
        _FROM_PREDICTIONS: f"{evaluate} --from-predictions",
        _FROM_IMAGES: f"python -m pedviz data download\n{evaluate}",
        _TRAINING if entry.options else _TRAINING_UNRECORDED: _training_command(entry),
    }
    if share := entry.recipe.get("averaged"):
        listed[_AVERAGE] = f"python -m training.average BEFORE {run} --share {share}"
    listed[_PUBLISHED] = f"python -m training.publish {run}"
    return [{"purpose": purpose, "command": command} for purpose, command in listed.items()]


def _training_command(entry: CheckpointEntry) -> str:
    """The training, over as many lines as it needs."""
    recipe = {key: entry.recipe[key] for key in _OPTIONS if entry.recipe.get(key, "") != ""}
    lines = [f"python -m training.train {entry.spec_id}"]
    for part in _arguments({**entry.options, **recipe}):
        if len(lines[-1]) + len(part) > _LINE_LENGTH:
            lines.append(f"   {part}")
        else:
            lines[-1] += f" {part}"
    return " \\\n".join(lines)


def _arguments(options: Mapping[str, object]) -> Iterator[str]:
    """Options as a shell takes them: a list is one that is repeated, True one without a value."""
    for name, value in options.items():
        for said in value if isinstance(value, list) else [value]:
            flag = f"--{name.replace('_', '-')}"
            yield flag if said is True else f"{flag} {shlex.quote(str(said))}"
