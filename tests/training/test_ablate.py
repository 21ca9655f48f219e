"""What the ablation command runs, with training and evaluation replaced by a record of what was asked."""

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import pytest

from pedviz.dashboard.ablations import FACTORS
from pedviz.errors import DatasetError
from pedviz.metrics.store import measured_results
from training import ablate
from training.options import recipe_from
from training.recipes import PRESETS, Recipe

SPELLED = {"(0.6, 1.6)": "0.6 to 1.6", "True": "yes"}


@dataclass
class Asked:
    """What was trained and measured, as parsed options."""

    trained: list = field(default_factory=list)
    measured: list = field(default_factory=list)


@pytest.fixture
def asked(monkeypatch) -> Asked:
    calls = Asked()

    def train(options):
        calls.trained.append(options)
        return Path("final.safetensors")

    def measure(options):
        calls.measured.append(options)
        return []

    monkeypatch.setattr(ablate.train, "run", train)
    monkeypatch.setattr(ablate.evaluate, "measure", measure)
    monkeypatch.setattr(ablate, "measured", lambda trial, *, seed: False)
    return calls


def test_every_trial_changes_one_thing_of_the_base(asked):
    assert ablate.main(["--pretrained", "people.safetensors", "--init", "backbone.xz", "--threads", "1"]) == 0
    base, *others = asked.trained
    plain = recipe_from(base)
    assert (plain.jitter, plain.copy_paste, plain.ema, plain.fold, plain.teacher) == (None, 0, 0, False, "")
    for options, measured in zip(others, asked.measured[1:], strict=True):
        factor, _, value = measured.experiment.partition("=")
        changed = {name for name in vars(options) if vars(options)[name] != vars(base).get(name)}
        also = {"layer_decay"} if value == "adamw, layer-wise" else set()
        assert changed == {{"neck": "model_id", "start": "init"}.get(factor, factor)} | also
        if factor in ("neck", "start"):
            assert value in ("people", "none", "proj256", "single")
        else:
            tried = getattr(recipe_from(options), factor)
            assert tried != getattr(plain, factor)
            assert value.partition(",")[0] == SPELLED.get(str(tried), str(tried))
        assert measured.size == (640 if factor == "neck" else 400)


def test_every_part_of_the_two_stages_has_a_trial_of_its_own():
    plain, stage = replace(Recipe(), fold=False), PRESETS["pennfudan"]
    parts = {"jitter", "copy_paste", "box_loss", "optimiser", "ema", "fold"}
    assert parts <= {name for name in asdict(stage) if getattr(stage, name) != getattr(plain, name)}
    trials = ablate.trials(pretrained=None)
    assert parts <= {trial.factor for trial in trials}
    assert parts <= FACTORS.keys()  # the dashboard shows them
    tried = [trial.changes for trial in trials if trial.factor in parts]
    assert [
        (name, value)
        for changes in tried
        for name, value in changes.items()
        if name != "ema" and value != getattr(stage, name)
    ] == []


def test_every_trial_in_the_results_was_tested_at_its_own_size():
    trials = ablate.trials(pretrained=Path("people.safetensors"))
    sizes = {trial.experiment: trial.tested_at for trial in trials}
    tried = [result for result in measured_results() if result.experiment]
    assert tried
    assert [result for result in tried if result.settings["min_size"] != sizes[result.experiment]] == []


def test_what_is_measured_is_skipped(asked, monkeypatch):
    monkeypatch.setattr(
        ablate, "measured", lambda trial, *, seed: trial.experiment != "hidden=64" or seed == 0
    )
    assert ablate.main(["hidden", "--seeds", "0", "1"]) == 0
    assert [(o.hidden, o.seed) for o in asked.trained] == [(64, 1)]
    assert [o.checkpoint for o in asked.measured] == [Path("final.safetensors")]


def test_a_list_runs_nothing(asked, capsys):
    assert ablate.main(["norm", "--list"]) == 0
    assert capsys.readouterr().out.split() == ["norm=batch", "seed", "0:", "not", "measured"]
    assert not asked.trained


def test_an_unknown_factor_is_refused(asked, capsys):
    with pytest.raises(SystemExit):
        ablate.main(["weather"])
    assert "no trial changes weather" in capsys.readouterr().err


def test_an_error_stops_with_its_sentence(asked, monkeypatch, capsys):
    def fail(options):
        raise DatasetError("no data here")

    monkeypatch.setattr(ablate.train, "run", fail)
    assert ablate.main(["base"]) == 1
    assert capsys.readouterr().err == "base, seed 0: no data here\n"
