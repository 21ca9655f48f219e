/** What is painted once a frame, and the values that it is painted from. */

const NEAR = "20%"; // of the window, around it: painted before it is scrolled to
const REST_MS = 100; // after the last change, what is out of view is painted too

/** Whether the section around an element is in view, as the browser reports it: asking would cost a layout. */
function createSight(changed) {
  const seen = new WeakMap();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) seen.set(target, isIntersecting);
      changed();
    },
    { rootMargin: NEAR },
  );
  return (host) => {
    const section = host.closest(".pvl-section");
    if (!section) return true;
    if (!seen.has(section)) {
      seen.set(section, true);
      observer.observe(section);
    }
    return seen.get(section);
  };
}

const isFolded = (host) => host.closest(".pvl-further:not([open])") !== null;

/**
 * @param {Object} parts
 * @param {Object} parts.store from createStore
 * @param {Object} parts.frame from createFrame
 * @param {Object} parts.highlight from createHighlight
 * @param {(state: Object) => Object} parts.derive
 */
export function createDrawing({ store, frame, highlight, derive }) {
  const painters = [];
  let values = null; // of the present state, once somebody asks
  let edition = 0; // how often `renew` was called
  let waiting = 0; // for the next frame
  let resting = 0; // until nothing changes any more
  let behind = false; // something shows an earlier state
  const isInView = createSight(() => behind && drawing.requestDraw());

  function paint({ everything }) {
    cancelAnimationFrame(waiting);
    clearTimeout(resting);
    waiting = 0;
    behind = false;
    let isLate = false;
    for (const { painter, host } of painters) {
      const folded = host && isFolded(host);
      const far = host && !folded && !everything && !isInView(host);
      if (folded || far) behind = true;
      else painter(store.state(), drawing.values());
      isLate ||= far;
    }
    if (isLate) resting = setTimeout(() => paint({ everything: true }), REST_MS);
    frame.root.classList.toggle("pvl-ask", store.state().ask);
    highlight.refresh();
  }

  const drawing = {
    values: () => (values ??= derive(store.state())),
    edition: () => edition,
    /**
     * Paint after every change.
     * @param {(state: any, values: any) => void} painter
     * @param {Element|null} host where: while the section around it is folded nothing is painted, while it is out of
     *   view only once the state rests
     */
    onDraw(painter, host = null) {
      painters.push({ painter, host });
    },
    changed() {
      values = null;
      drawing.requestDraw();
    },
    /** Derive the values anew and ask anew: something arrived that they follow from, beside the state. */
    renew() {
      edition += 1;
      drawing.changed();
    },
    requestDraw() {
      if (!waiting) waiting = requestAnimationFrame(() => paint({ everything: false }));
    },
    /** Paint all that is not folded, now. */
    draw() {
      paint({ everything: true });
    },
  };
  frame.root.addEventListener("toggle", () => behind && drawing.requestDraw(), true); // does not bubble
  return drawing;
}
