/** Not computing, and not painting, again what has not changed or will change at once. */

/**
 * A function of the state that computes anew only when one of the settings that it looks at has changed.
 * @param {string[]} keys of those settings
 * @param {(state: Object) => Object} compute
 * @returns {(state: Object) => Object} the same object for as long as they stay
 */
export function remembering(keys, compute) {
  /** @type {Object<string, any>|null} */
  let seen = null;
  /** @type {any} */
  let found = null;
  return (state) => {
    const before = seen;
    if (before === null || keys.some((key) => before[key] !== state[key])) [seen, found] = [state, compute(state)];
    return found;
  };
}

/**
 * A painter that paints only when one of its parts is another than at the last time.
 * @param {(state: Object, values: Object) => Array} parts what the painting depends on, compared by identity
 * @param {(state: Object, values: Object) => void} paint
 */
export function whenChanged(parts, paint) {
  let last = [];
  return (state, values) => {
    const now = parts(state, values);
    if (last.length && now.every((part, place) => part === last[place])) return;
    last = now;
    paint(state, values);
  };
}

/** `work`, done once nobody has asked for it for `delay` milliseconds. */
export function later(work, delay) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, delay);
  };
}
