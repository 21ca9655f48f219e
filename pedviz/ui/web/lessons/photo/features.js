/**
 * The feature maps of one level side by side, and the level to choose.
 *
 * @import { Lesson, Ready } from "./values.js"
 */

import { make } from "../../base/dom.js";
import { whenChanged } from "../../base/memo.js";
import { format } from "../../base/numbers.js";
import { HEAT_GRADIENT, paintHeat } from "../kit/heat.js";

const DIGITS = 2;

/** @param {Lesson} lesson @param {Ready["level"]} level @param {number} place */
function levelButton(lesson, level, place) {
  const { rows, columns, stride } = level;
  return make(
    "button",
    {
      type: "button",
      class: "pvl-preset",
      "data-level": place,
      onclick: () => lesson.set({ level: place }),
    },
    `1 / ${stride}: ${columns} × ${rows}`,
  );
}

/** @param {Lesson} lesson @param {Ready["level"]} level @param {number} place */
function channelButton(lesson, level, place) {
  const channel = level.shown[place];
  const { pixels } = channel;
  const canvas = make("canvas", { class: "pvl-photo-cells", "aria-hidden": "true" });
  [canvas.width, canvas.height] = [level.columns, level.rows];
  if (pixels) paintHeat(canvas, { pixels, columns: level.columns, rows: level.rows });
  return make(
    "button",
    {
      type: "button",
      class: "pvl-photo-channel",
      "data-channel": place,
      onclick: () => lesson.set({ channel: place }),
    },
    canvas,
    make("span", {}, `channel ${channel.channel}`),
    make("span", { class: "pv-muted" }, `${format(channel.low, DIGITS)} to ${format(channel.high, DIGITS)}`),
  );
}

/**
 * Buttons for the levels of the pyramid, drawn anew when another network has others.
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 */
export function addLevels(lesson, host) {
  const chips = make("div", {
    class: "pvl-buttons",
    role: "group",
    "aria-label": "Level of the pyramid: stride, and cells across and down",
  });
  /** @type {Ready["trace"]|null} */
  let shown = null;
  host.append(chips);
  lesson.onDraw((_, { ready, trace, level }) => {
    if (!ready) return;
    if (shown !== trace) chips.replaceChildren(...trace.levels.map((each, place) => levelButton(lesson, each, place)));
    shown = trace;
    [...chips.children].forEach((button, place) =>
      button.setAttribute("aria-pressed", String(trace.levels[place] === level)),
    );
  });
}

/**
 * The liveliest channels of the chosen level.
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 */
export function addChannels(lesson, host) {
  const grid = make("div", {
    class: "pvl-photo-channels",
    role: "group",
    "aria-label": "Channels that vary most over this image",
  });
  const scale = make(
    "p",
    { class: "pvl-photo-scale" },
    "lowest",
    make("span", { style: `background: ${HEAT_GRADIENT}`, "aria-hidden": "true" }),
    "highest value of a channel",
  );
  const list = whenChanged(
    (/** @type {unknown} */ _, /** @type {Ready} */ { level }) => [level, level.shown[0].pixels],
    (_, { level }) =>
      grid.replaceChildren(...level.shown.map((_channel, place) => channelButton(lesson, level, place))),
  );
  host.append(grid, scale);
  lesson.onDraw((state, values) => {
    if (!values.ready) return;
    const { level, channel } = values;
    list(state, values);
    [...grid.children].forEach((button, place) =>
      button.setAttribute("aria-pressed", String(level.shown[place] === channel)),
    );
  });
}
