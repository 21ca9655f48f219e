import re

import pytest

from pedviz.errors import UnknownModelError
from pedviz.models.specs import SPECS, SPECS_BY_ID, get_spec

REPORT_IDS = {
    "maskrcnn_resnet50_fpn",
    "fasterrcnn_mobilenet_v2",
    "maskrcnn_mobilenet_v2",
    "maskrcnn_mobilenet_v2_proj256",
    "maskrcnn_resnet18_fpn",
    "maskrcnn_resnext101_32x8d_fpn",
    "maskrcnn_mobilenet_v2_fpn",
    "fasterrcnn_resnet50_fpn",
    "maskrcnn_resnet50_fpn_coco",
}


def test_every_variant_of_the_reports_is_listed_beside_our_own():
    assert set(SPECS_BY_ID) == REPORT_IDS | {"maskrcnn_mobilenet_v2_lite"}
    assert len(SPECS) == len(SPECS_BY_ID)


def test_unknown_id_is_refused_with_the_known_ones():
    with pytest.raises(UnknownModelError, match=re.escape("no model 'resnet'; known: maskrcnn_resnet50_fpn")):
        get_spec("resnet")


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
def test_spec_speaks_for_itself(spec):
    assert get_spec(spec.id) is spec
    assert spec.label
    assert spec.summary.endswith(".")
    assert 0 < spec.min_size <= spec.max_size
    assert 0 < spec.person_class < spec.num_classes
