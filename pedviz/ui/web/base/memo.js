/** Not computing, and not painting, again what has not changed or will change at once. */

/**
 * A function of the state that computes anew only when one of the settings that it looks at has changed.
 * @template State, Found
 * @param {(keyof State)[]} keys of those settings
 * @param {(state: State) => Found} compute
 * @returns {(state: State) => Found} the same object for as long as they stay
 */
export function remembering(keys, compute) {
  /** @type {{state: State, found: Found}|null} */
  let last = null;
  return (state) => {
    const before = last?.state;
    if (!last || keys.some((key) => before?.[key] !== state[key])) last = { state, found: compute(state) };
    return last.found;
  };
}

/**
 * A painter that paints only when one of its parts is another than at the last time.
 * @template State, Values
 * @param {(state: State, values: Values) => unknown[]} parts what the painting depends on, compared by identity
 * @param {(state: State, values: Values) => void} paint
 * @returns {(state: State, values: Values) => void}
 */
export function whenChanged(parts, paint) {
  /** @type {unknown[]} */
  let last = [];
  return (state, values) => {
    const now = parts(state, values);
    if (last.length && now.every((part, place) => part === last[place])) return;
    last = now;
    paint(state, values);
  };
}

/**
 * `work`, done once nobody has asked for it for `delay` milliseconds.
 * @param {() => void} work
 * @param {number} delay
 */
export function later(work, delay) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, delay);
  };
}
