"""The reports' figures against a table of their own, typed from the reports and not from the file."""

import json

import pytest

from pedviz.errors import ResultsError
from pedviz.metrics.evaluate import STAT_KEYS
from pedviz.metrics.reported import load_reported
from pedviz.models.specs import SPECS_BY_ID
from pedviz.paths import results_folder

REPORTED = load_reported()
RUNS = {run.id: run for run in REPORTED.runs}

# AP AP50 AP75 APs APm APl AR1 AR10 AR100 ARs ARm ARl, -1 where nobody has that size, ? where it is cut off
COCO_TABLES = {
    ("a_maskrcnn_resnet50_fpn", "bbox"): ".802 .986 .921 .314 .417 .814 .318 .853 .853 .800 .778 .859",
    ("a_maskrcnn_resnet50_fpn", "segm"): ".740 .977 .868 .217 .262 .757 .296 .782 .782 .550 .667 .794",
    ("a_fasterrcnn_mobilenet_v2", "bbox"): ".399 .844 .279 .000 .087 .426 .221 .522 .536 .000 .281 .563",
    ("a_maskrcnn_mobilenet_v2", "bbox"): ".299 .729 .143 -1 .088 .318 .156 .450 .466 -1 .220 .488",
    ("a_maskrcnn_mobilenet_v2", "segm"): ".269 .687 .111 -1 .009 .302 .148 .368 .375 -1 .090 .400",
    ("b_maskrcnn_resnet50_fpn", "bbox"): "? .991 .956 -1 .590 .834 .379 .868 .868 -1 .812 .872",
    ("b_maskrcnn_resnet50_fpn", "segm"): ".772 .991 .920 -1 .491 .780 .350 .809 .809 -1 .750 .814",
}
# seconds: a training step, the epoch it was timed in, detecting in one image, evaluating one image
TIMINGS = {
    "a_maskrcnn_resnet50_fpn": (3.78, 9, 2.555, 0.0025),
    "a_fasterrcnn_mobilenet_v2": (4.02, 9, 0.732, 0.0010),
    "a_maskrcnn_mobilenet_v2": (7.32, 0, 2.771, 0.0212),
    "b_maskrcnn_resnet50_fpn": (None, None, 0.0651, None),
    "b_maskrcnn_mobilenet_v2_proj256": (None, None, 0.0294, None),
}
# epoch, iteration, total | classifier, box, mask, objectness, rpn box
LOSSES = {
    "maskrcnn_resnet50_fpn": """
        0 0 4.9049 .7998 .2327 3.8580 .0095 .0048
        0 10 2.7553 .4706 .2438 2.0143 .0221 .0044
        0 20 1.7939 .3326 .2345 1.1987 .0223 .0059
        9 50 .1699 .0226 .0332 .1109 .0008 .0024
        9 end .1727 .0230 .0340 .1123 .0009 .0025""",
    "maskrcnn_mobilenet_v2": """
        0 0 4.2752 .6914 .0532 2.7791 .7050 .0466
        0 10 3.6396 .6210 .0592 2.2279 .6903 .0412
        0 20 2.9552 .4663 .0871 1.7132 .6487 .0399
        0 30 2.5565 .4079 .1217 1.4019 .5874 .0376
        0 40 2.2944 .3774 .1347 1.2219 .5247 .0357
        0 50 2.1047 .3550 .1437 1.1004 .4715 .0341
        0 59 1.9553 .3310 .1449 1.0186 .4281 .0327""",
    "fasterrcnn_mobilenet_v2": """
        0 0 1.4703 .6877 .0408 - .6924 .0494
        0 10 1.4011 .6344 .0434 - .6826 .0407
        0 20 1.2378 - - - - -
        9 end .2687 .0800 .1314 - .0387 .0186""",
    "fasterrcnn_resnet50_fpn": """
        - - - .2733 .0791 - .0342 .0070""",
}
ABLATIONS = {
    "b_hidden": {256: 0.700, 64: 0.750, 128: 0.688, 512: 0.725},
    "b_lr": {0.005: 0.700, 0.001: 0.725, 0.003: 0.700, 0.007: 0.750},
    "b_epochs_resnet50": {10: 0.700, 50: 0.700, 100: 0.700},
    "b_epochs_mobilenet_v2": {10: 0.188, 50: 0.100, 100: 0.163},
}
PERSON_SCORES = {
    "hidden 256 = learning rate .005 = epoch 10": ".9987 .9983 .9993 .9985",
    "hidden 64": ".9991 .9989 .9995 .9990",
    "hidden 128": ".9988 .9985 .9990 .9983",
    "hidden 512": ".9984 .9988 .9992 .9987",
    "learning rate .001": ".9984 .9983 .9986 .9979",
    "learning rate .003": ".9984 .9983 .9986 .9979",
    "learning rate .0005": ".9977 .9976 .9980 .9974",
    "ResNet-50 epoch 50": ".9987 .9984 .9991 .9986",
    "ResNet-50 epoch 100": ".9985 .9983 .9993 .9985",
    "MobileNetV2 epoch 10": ".9269 .9734 .9754 .9635",
    "MobileNetV2 epoch 50": ".9641 .9823 .9834 .9770",
    "MobileNetV2 epoch 100": ".9765 .9713 .9868 .9846",
}
DETECTIONS = {
    "FudanPed00001": [
        ((159.5585, 174.8557, 300.9803, 429.1591), 0.9993),
        ((417.8943, 171.5250, 532.7275, 490.3836), 0.9988),
    ],
    "FudanPed00002": [
        ((69.6159, 95.8164, 189.2390, 380.0176), 0.9990),
        ((158.6682, 88.0225, 228.9424, 362.6456), 0.9461),
        ((130.2889, 99.3562, 207.5127, 368.2436), 0.4457),
    ],
    "FudanPed00006": [
        ((205.6853, 102.3433, 347.4590, 382.6847), 0.9990),
        ((1.2773, 107.5019, 91.4248, 385.9730), 0.9461),
        ((31.7128, 95.6408, 87.0316, 282.5471), 0.4457),
    ],
}
CHECKS_BY_EYE = {
    "00001": (".9993 .9988", ""),
    "00010": (".9986", ""),
    "00100": (".9994 .9988", ""),
    "00101": (".9987 .999 .9966", ".0886"),
    "00102": (".9984", ".05"),
    "00103": (".9988 .9986 .9993 .998", ""),
}
PEERS = {("bbox", "AP"): (80.6, 82.0), ("segm", "AP"): (71.7, 75.8), ("segm", "APm"): (62.7, 61.1)}


def numbers(text):
    """ ".5 -1 ?" -> (0.5, None, None)."""
    return tuple(None if word in {"-1", "-", "?"} else float(word) for word in text.split())


@pytest.mark.parametrize(("run_id", "kind"), COCO_TABLES)
def test_coco_table(run_id, kind):
    expected = dict(zip(STAT_KEYS, numbers(COCO_TABLES[run_id, kind]), strict=True))
    assert RUNS[run_id].stats[kind] == expected


def test_no_other_coco_table_is_claimed():
    given = {(run.id, kind) for run in REPORTED.runs for kind, table in run.stats.items() if table}
    assert given == set(COCO_TABLES)


def test_only_the_value_cut_off_in_report_b_is_not_shown():
    assert {run.id: run.not_shown for run in REPORTED.runs if run.not_shown} == {
        "b_maskrcnn_resnet50_fpn": ("bbox AP",)
    }


@pytest.mark.parametrize("run_id", TIMINGS)
def test_timing(run_id):
    timing = RUNS[run_id].timing
    assert TIMINGS[run_id] == (
        timing.train_seconds_per_iteration, timing.train_epoch, timing.seconds_per_image,
        timing.evaluator_seconds_per_image,
    )  # fmt: skip
    assert "other_hardware" in timing.caveats


@pytest.mark.parametrize("spec_id", LOSSES)
def test_losses(spec_id):
    points = [loss for loss in REPORTED.losses if loss.spec_id == spec_id]
    rows = [line.split() for line in LOSSES[spec_id].strip().splitlines()]
    assert len(points) == len(rows)
    for point, (epoch, iteration, *values) in zip(points, rows, strict=True):
        assert str(point.epoch) == epoch.replace("-", "None")
        assert str(point.iteration) == iteration.replace("-", "None")
        parts = (point.total, point.classifier, point.box, point.mask, point.objectness, point.rpn_box)
        assert parts == numbers(" ".join(values))


def test_no_other_losses_are_claimed():
    assert {loss.spec_id for loss in REPORTED.losses} == set(LOSSES)


def test_ablations():
    found = {entry.id: dict(zip(entry.settings, entry.values, strict=True)) for entry in REPORTED.ablations}
    assert found == ABLATIONS
    assert {(entry.kind, entry.key, entry.step) for entry in REPORTED.ablations} == {("segm", "ARm", 1 / 80)}


def test_scores_of_the_four_people():
    table = REPORTED.person_scores
    assert table.image == "FudanPed00103"
    assert {row.setting: row.scores for row in table.rows} == {
        setting: numbers(scores) for setting, scores in PERSON_SCORES.items()
    }


def test_detections():
    assert {
        found.image: list(zip(found.boxes_xyxy, found.scores, strict=True)) for found in REPORTED.detections
    } == DETECTIONS


def test_checks_by_eye():
    assert {check.image: (check.scores, check.wrong_scores) for check in REPORTED.checks_by_eye} == {
        picture: (numbers(right), numbers(wrong)) for picture, (right, wrong) in CHECKS_BY_EYE.items()
    }


def test_peers():
    assert {(peer.kind, peer.key): (peer.zero_shot, peer.fine_tuned) for peer in REPORTED.peers} == PEERS


@pytest.mark.parametrize(
    ("run_id", "caveat"),
    [
        pytest.param("a_fasterrcnn_mobilenet_v2", "same_images", id="trained and tested on the same"),
        pytest.param("b_maskrcnn_resnet50_fpn", "not_shown", id="first value not shown"),
        pytest.param("b_maskrcnn_resnet50_fpn", "eight_medium", id="eight medium people"),
        pytest.param("b_maskrcnn_resnet50_fpn", "contradicts_itself", id="log against ablation"),
        pytest.param("a_maskrcnn_resnet50_fpn", "own_split", id="a split of its own"),
    ],
)
def test_caveats_stand_beside_their_run(run_id, caveat):
    assert caveat in RUNS[run_id].caveats


def test_copying_slips_are_marked_and_not_corrected():
    rows = {row.setting: row for row in REPORTED.person_scores.rows}
    first, second = rows["learning rate .001"], rows["learning rate .003"]
    assert first.scores == second.scores
    assert "copied_columns" in first.caveats + second.caveats
    copied = {found.image: found for found in REPORTED.detections}
    assert copied["FudanPed00006"].scores == copied["FudanPed00002"].scores
    assert "copied_image" in copied["FudanPed00006"].caveats


def test_report_b_contradicts_itself_first():
    """.750 in the log, .700 in the ablation, for the same setting."""
    ablation = next(entry for entry in REPORTED.ablations if entry.id == "b_hidden")
    assert RUNS["b_maskrcnn_resnet50_fpn"].stats["segm"]["ARm"] == 0.75
    assert dict(zip(ablation.settings, ablation.values, strict=True))[256] == 0.7
    assert ".750" in REPORTED.corrections[0].but
    assert ".700" in REPORTED.corrections[0].says


def test_protocol_of_report_a():
    for fact in (
        "120",
        "50",
        "batch 2",
        "0.005",
        "0.9",
        "0.0005",
        ".000090",
        ".005000",
        "every 3",
        "10 epochs",
    ):
        assert fact in REPORTED.reports["A"].protocol


def test_sources_are_dated():
    dates = {name: (source.date, source.device) for name, source in REPORTED.reports.items()}
    assert dates == {"A": ("2024-10", "CPU"), "B": ("2020-12", "GPU")}


def test_every_caveat_named_is_explained_and_every_explanation_used():
    content = json.loads((results_folder() / "reported.json").read_text("utf-8"))
    named = set()

    def collect(value):
        for child in value.values() if isinstance(value, dict) else value:
            if isinstance(child, dict | list):
                collect(child)
        if isinstance(value, dict) and isinstance(value.get("caveats"), list):
            named.update(value["caveats"])

    collect(content)
    assert named == set(REPORTED.caveats)


def test_every_reported_variant_is_one_of_ours():
    ids = {run.spec_id for run in REPORTED.runs} | {loss.spec_id for loss in REPORTED.losses}
    assert ids <= set(SPECS_BY_ID)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(
            lambda c: c["runs"][1].pop("label"), r"runs\[1\]: missing 1 required.*'label'", id="missing"
        ),
        pytest.param(lambda c: c["losses"][0].update(box="x"), r"losses\[0\] box: expected float", id="type"),
        pytest.param(
            lambda c: c["runs"][0]["stats"]["bbox"].update(AP=80.2),
            r"runs\[0\]: stats bbox AP.*80.2",
            id="range",
        ),
        pytest.param(
            lambda c: c["ablations"][0]["values"].pop(),
            r"ablations\[0\]: b_hidden: 4 settings, but 3",
            id="lengths",
        ),
        pytest.param(lambda c: c.update(schema=2), "expected schema 1, got 2", id="schema"),
        pytest.param(lambda c: c.update(peers={}), "peers: expected list, got dict", id="not a list"),
    ],
)
def test_damaged_entry_is_named(change, message, tmp_path):
    content = json.loads((results_folder() / "reported.json").read_text("utf-8"))
    change(content)
    (tmp_path / "reported.json").write_text(json.dumps(content))
    with pytest.raises(ResultsError, match=f"reported.json cannot be read: {message}"):
        load_reported(tmp_path / "reported.json")


def test_broken_json_names_the_line(tmp_path):
    (tmp_path / "reported.json").write_text('{"schema": 1,\n"runs": [}')
    with pytest.raises(ResultsError, match=r"reported\.json cannot be read: .*line 2"):
        load_reported(tmp_path / "reported.json")
