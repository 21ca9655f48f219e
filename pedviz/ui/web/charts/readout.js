/** Reading single values off a chart: mouse, finger and arrow keys choose a point, whose words stand below. */

import { make, say } from "../base/dom.js";
import { svg } from "../base/svg.js";

/** @import { Spot } from "./series.js" */

const REACH = 40; // pixels from a point within which the pointer finds it
/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class Readout {
  /** @param {SVGElement} plot what listens */
  constructor(plot) {
    this.plot = plot;
    this.element = make("p", { class: "pvg-tip", role: "status" });
    /** @type {Spot[]} */
    this.spots = [];
    this.chosen = -1;
    plot.addEventListener("pointermove", (event) => this.choose(this.nearest(event)));
    plot.addEventListener("pointerdown", (event) => this.choose(this.nearest(event)));
    plot.addEventListener("pointerleave", ({ pointerType }) => {
      if (pointerType === "mouse") this.choose(-1); // a finger leaves before its click arrives
    });
    plot.addEventListener("click", () => this.open());
    plot.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {Spot[]} spots to choose among from now on */
  renew(spots) {
    this.spots = spots;
    this.choose(-1);
  }

  /** @param {number} index -1 for none */
  choose(index) {
    this.chosen = index;
    this.plot.querySelector(".pvg-chosen")?.remove();
    const spot = this.spots[index];
    if (spot) this.plot.append(svg("circle", { class: "pvg-chosen", cx: spot.x, cy: spot.y, r: 7 }));
    say(this.element, spot ? `${spot.series}: ${spot.point.tip}` : "");
  }

  open() {
    this.spots[this.chosen]?.point.open?.();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === "Enter") this.open();
    const step = STEPS[event.key];
    const count = this.spots.length;
    if (!step || !count) return;
    event.preventDefault();
    this.choose((this.chosen + step + count + (this.chosen < 0 && step < 0 ? 1 : 0)) % count);
  }

  /** @param {PointerEvent} event */
  nearest(event) {
    const box = this.plot.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    let best = -1;
    let least = REACH ** 2;
    this.spots.forEach((spot, index) => {
      const inBar = spot.width && Math.abs(px - spot.x) <= spot.width / 2 && py >= spot.y - 8;
      const distance = inBar ? 0 : (px - spot.x) ** 2 + (py - spot.y) ** 2;
      if (distance < least) [best, least] = [index, distance];
    });
    return best;
  }
}
