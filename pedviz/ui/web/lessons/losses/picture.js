/** The picture of the losses lesson: an anchor, a person, and the four numbers that lead from one to the other. */

import { format } from "../../base/numbers.js";
import { arrow, words } from "../../base/svg.js";
import { grid } from "../kit/draggable_boxes.js";

const NAMED = 110; // pixels that a box must be wide to hold its name and its corners

const centre = ([x1, y1, x2, y2]) => [(x1 + x2) / 2, (y1 + y2) / 2];

/** Draw both boxes, their names and the shift between their centres. */
export function drawCode(stage, { a, b }, { code }) {
  const [[ax, ay], [bx, by]] = [centre(a), centre(b)];
  const shift = arrow(stage.px(ax), stage.py(ay), stage.px(bx), stage.py(by), { "data-of": "shift" });
  const box = (key, edges) => stage.rectangle(edges, { class: `pvl-box pvl-box-${key}`, "data-of": key });
  const isWide = ([x1, , x2]) => stage.length(x2 - x1) > NAMED;
  const label = (key, text, x, y, anchor) =>
    words(x, y, text, { "data-of": key, class: "pvl-name pvl-halo", "text-anchor": anchor });
  stage.draw([
    ...grid(stage),
    box("b", b),
    box("a", a),
    ...(shift ? [shift] : []),
    label("a", isWide(a) ? "A, anchor" : "A", stage.px(a[0]) + 10, stage.py(a[1]) + 22, "start"),
    label("b", isWide(b) ? "B, person" : "B", stage.px(b[2]) - 10, stage.py(b[3]) - 10, "end"),
    ...(code
      ? [
          words(stage.px(bx) + 10, stage.py(by) + 4, `${format(code[0], 2)}, ${format(code[1], 2)}`, {
            "data-of": "shift",
            "data-answer": "tx",
            class: "pvl-halo",
          }),
        ]
      : []),
  ]);
}
