"""A made-up photo with people for the viewer's tests: what the server would send for it."""

import base64
import io

import numpy as np
from PIL import Image

from pedviz.types import THRESHOLDS, Detections, Timings
from pedviz.ui.payload import result_payload
from pedviz.viz.palette import palette_table

WIDTH, HEIGHT, SCALE = 400, 300, 2
A_BOXES = [[20, 60, 90, 260], [150, 50, 220, 260], [280, 70, 360, 280], [24, 64, 92, 262]]
A_SCORES = [0.99, 0.9, 0.4, 0.3]
B_BOXES = [[22, 62, 92, 258], [300, 20, 380, 120], [152, 40, 230, 270]]
B_SCORES = [0.97, 0.88, 0.84]
TRUTH = [[20.0, 60.0, 90.0, 260.0], [280.0, 70.0, 360.0, 280.0]]


def detections(boxes: list, scores: list, *, without_map: tuple[int, ...] = ()) -> Detections:
    """People with a round mask each; those in `without_map` have none yet."""
    count = len(boxes)
    grid = np.linspace(-1, 1, 28)
    blob = (255 * np.clip(1.4 - np.hypot(*np.meshgrid(grid, grid)), 0, 1)).astype(np.uint8)
    rows = np.array([-1 if i in without_map else i for i in range(count)], np.int64)
    kept = [i for i in range(count) if i not in without_map]
    rows[kept] = np.arange(len(kept))
    return Detections(
        image_size=(HEIGHT, WIDTH), boxes_xyxy=np.array(boxes, np.float32),
        scores=np.array(scores, np.float32), labels=np.ones(count, np.int64),
        ids=np.arange(count), map_rows=rows,
        mask_maps=np.repeat(blob[None], len(kept), axis=0),
        timings=Timings(prepare_seconds=0.004, network_seconds=0.31, finish_seconds=0.001),
    )  # fmt: skip


A = detections(A_BOXES, A_SCORES, without_map=(3,))
B = detections(B_BOXES, B_SCORES)


def _model(model_id: str) -> dict[str, object]:
    return {
        "id": model_id, "label": f"Model {model_id}", "summary": "Made up.", "parameters": 12_345_678,
        "checkpoint_bytes": 44_000_000, "min_size": 400, "max_size": 800, "masks": True, "box_ap": 0.5,
        "mask_ap": None, "note": "",
    }  # fmt: skip


def scene(*, name: str = "made.png", known: bool = True) -> dict[str, object]:
    """Everything that a test page needs: palette, photo payload and the results of both panes."""
    ramp = np.broadcast_to(np.linspace(40, 200, WIDTH).astype(np.uint8)[None, :, None], (HEIGHT, WIDTH, 3))
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(ramp)).save(buffer, "PNG")
    photo = {
        "id": "f" * 16, "url": "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode(),
        "width": WIDTH, "height": HEIGHT, "original_width": WIDTH * SCALE, "original_height": HEIGHT * SCALE,
        "name": name, "ground_truth": {"boxes": TRUTH} if known else None,
    }  # fmt: skip
    results = {
        pane: result_payload(found, photo_id=photo["id"], model=_model(f"model_{pane}"), cached=pane == "b")
        for pane, found in (("a", A), ("b", B))
    }
    return {"palette": palette_table(), "thresholds": THRESHOLDS, "photo": photo, **results}
