/** The address carries what is compared and how, so that a link shows the same thing elsewhere. */

/**
 * @typedef {boolean|number|string|null} Setting
 * @typedef {{[name: string]: Setting}} Settings
 */

/**
 * Texts that a setting may be; any other value in a link falls back to the default.
 * @type {Record<string, string[]>}
 */
const CHOICES = {
  view: ["detections", "disagreement", "truth"],
  style: ["plain", "report_a", "report_b"],
};
/** @type {Record<string, string>} */
const PARAMETER_OF = { view: "show" }; // Gradio itself listens to "view"
const WRITE_AFTER_MS = 250; // browsers allow some hundred changes of the address a minute

/** @param {string} key */
function parameterOf(key) {
  return PARAMETER_OF[key] ?? key;
}

/** @type {(text: string, key: string, fallback: Setting) => Setting} */
function decode(text, key, fallback) {
  if (typeof fallback === "boolean") return text === "1" || (text !== "0" && fallback);
  if (typeof fallback === "number") {
    const number = text.trim() === "" ? NaN : Number(text);
    return number >= 0 && number <= 1 ? number : fallback;
  }
  return (CHOICES[key] ?? []).includes(text) ? text : fallback;
}

/** @param {Setting} value */
function encode(value) {
  return typeof value === "boolean" ? String(Number(value)) : String(value);
}

/**
 * Read the settings of a link.
 * @template {Settings} All
 * @param {string} search the query, as location.search
 * @param {All} defaults every setting there is: booleans, numbers in [0, 1] and texts
 * @returns {All} a value for every setting; what is missing or malformed is the default
 */
export function readSettings(search, defaults) {
  const parameters = new URLSearchParams(search);
  const entries = Object.entries(defaults).map(([key, fallback]) => {
    const text = parameters.get(parameterOf(key));
    return [key, text === null ? fallback : decode(text, key, fallback)];
  });
  return Object.fromEntries(entries);
}

/**
 * Read one of several ids from a link.
 * @param {string} search the query
 * @param {string} key its name
 * @param {string[]} known ids that exist
 * @param {string} fallback used when the link has none or an unknown one
 */
export function readChoice(search, key, known, fallback) {
  const text = new URLSearchParams(search).get(key);
  return text !== null && known.includes(text) ? text : fallback;
}

/**
 * An address with these settings; defaults and nulls are left out, other parameters stay.
 * @param {string} href the present address
 * @param {Settings} settings
 * @param {Settings} defaults
 */
export function addressWith(href, settings, defaults) {
  const address = new URL(href);
  for (const [key, value] of Object.entries(settings)) {
    if (value === null || value === defaults[key]) address.searchParams.delete(parameterOf(key));
    else address.searchParams.set(parameterOf(key), encode(value));
  }
  return address.href;
}

/**
 * A function that puts settings into the address bar, once the visitor pauses; Back returns to the view before.
 * @param {Settings} defaults
 */
export function addressWriter(defaults) {
  let waiting = 0;
  return (/** @type {Settings} */ settings) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const next = addressWith(location.href, settings, defaults);
      const shown = (/** @type {string} */ href) => new URL(href).searchParams.get(PARAMETER_OF.view);
      if (shown(next) === shown(location.href)) history.replaceState(history.state, "", next);
      else history.pushState(history.state, "", next);
    }, WRITE_AFTER_MS);
  };
}
