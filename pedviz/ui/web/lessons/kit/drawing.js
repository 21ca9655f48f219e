/** What is painted once a frame, and the values that it is painted from. */

/** @import { Frame } from "./frame.js" */
/** @import { State } from "./settings.js" */
/** @import { Store } from "./store.js" */

const NEAR = "20%"; // of the window, around it: painted before it is scrolled to
const REST_MS = 100; // after the last change, what is out of view is painted too

/**
 * Whether the section around an element is in view, as the browser reports it: asking would cost a layout.
 * @param {() => void} changed
 */
function createSight(changed) {
  const seen = new WeakMap();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) seen.set(target, isIntersecting);
      changed();
    },
    { rootMargin: NEAR },
  );
  return (/** @type {Element} */ host) => {
    const section = host.closest(".pvl-section");
    if (!section) return true;
    if (!seen.has(section)) {
      seen.set(section, true);
      observer.observe(section);
    }
    return seen.get(section);
  };
}

/** @param {Element} host */
const isFolded = (host) => host.closest(".pvl-further:not([open])") !== null;

/**
 * @template S, V
 * @typedef {{
 *   values(): V,
 *   edition(): number,
 *   onDraw(painter: (state: S, values: V) => void, host?: Element|null): void,
 *   changed(): void,
 *   renew(): void,
 *   requestDraw(): void,
 *   draw(): void,
 * }} Drawing `edition` counts the calls of `renew`; `onDraw` paints after every change: while the section around its
 *   host is folded nothing is painted, while it is out of view only once the state rests; `renew` derives the values
 *   anew and asks anew: something arrived that they follow from, beside the state; `draw` paints all that is not
 *   folded, now
 */

/**
 * @template {State & {ask: boolean}} S
 * @template V
 * @param {{store: Store<S>, frame: Frame, highlight: {refresh: () => void}, derive: (state: S) => V}} parts
 * @returns {Drawing<S, V>}
 */
export function createDrawing({ store, frame, highlight, derive }) {
  /** @type {{painter: (state: S, values: V) => void, host: Element|null}[]} */
  const painters = [];
  /** @type {V|null} */
  let values = null; // of the present state, once somebody asks
  let edition = 0; // how often `renew` was called
  let waiting = 0; // for the next frame
  let resting = 0; // until nothing changes any more
  let behind = false; // something shows an earlier state
  const isInView = createSight(() => behind && drawing.requestDraw());

  /** @param {{everything: boolean}} how */
  function paint({ everything }) {
    cancelAnimationFrame(waiting);
    clearTimeout(resting);
    waiting = 0;
    behind = false;
    let isLate = false;
    for (const { painter, host } of painters) {
      const folded = host !== null && isFolded(host);
      const far = host !== null && !folded && !everything && !isInView(host);
      if (folded || far) behind = true;
      else painter(store.state(), drawing.values());
      isLate ||= far;
    }
    if (isLate) resting = setTimeout(() => paint({ everything: true }), REST_MS);
    frame.root.classList.toggle("pvl-ask", store.state().ask);
    highlight.refresh();
  }

  /** @type {Drawing<S, V>} */
  const drawing = {
    values: () => (values ??= derive(store.state())),
    edition: () => edition,
    onDraw(painter, host = null) {
      painters.push({ painter, host });
    },
    changed() {
      values = null;
      drawing.requestDraw();
    },
    renew() {
      edition += 1;
      drawing.changed();
    },
    requestDraw() {
      if (!waiting) waiting = requestAnimationFrame(() => paint({ everything: false }));
    },
    draw() {
      paint({ everything: true });
    },
  };
  frame.root.addEventListener("toggle", () => behind && drawing.requestDraw(), true); // does not bubble
  return drawing;
}
