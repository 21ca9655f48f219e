/** What the sections share: the data, and the choices that the address keeps. */

import { addressWith, readChoice } from "../base/address.js";

export const KINDS = { bbox: "Boxes", segm: "Masks" };
const IOU = { low: 0.5, high: 0.95, usual: 0.5 };

/** @param {string} search the query */
function readIou(search) {
  const text = new URLSearchParams(search).get("iou");
  const value = text === null || text.trim() === "" ? NaN : Number(text);
  return value >= IOU.low && value <= IOU.high ? value : IOU.usual;
}

/**
 * @typedef {keyof typeof KINDS} Kind
 * @typedef {{kind: Kind, a: string, b: string, iou: number}} Choices a and b: ids of variants, "" for none
 * @typedef {import("../payloads.d.ts").VariantData} Variant
 *
 * @typedef {Object} DashboardPage
 * @property {import("../payloads.d.ts").DashboardPayload} payload
 * @property {Variant[]} measured the variants with stored predictions
 * @property {() => Choices} state
 * @property {(patch: Partial<Choices>) => void} set
 * @property {(listener: (state: Choices) => void) => void} onChange
 * @property {(id: string) => Variant} variant one that the registry does not know has its id for a name
 */

/**
 * The page that sections are mounted with.
 * @param {import("../payloads.d.ts").DashboardPayload} payload
 * @returns {DashboardPage}
 */
export function createPage(payload) {
  const measured = payload.variants.filter(({ predictions }) => predictions);
  const ids = measured.map(({ id }) => id);
  const defaults = { kind: "bbox", a: ids[0] ?? "", b: ids[1] ?? ids[0] ?? "", iou: IOU.usual };
  /** @type {Choices} */
  let state = {
    kind: /** @type {Kind} */ (readChoice(location.search, "kind", Object.keys(KINDS), defaults.kind)),
    a: readChoice(location.search, "a", ids, defaults.a),
    b: readChoice(location.search, "b", ids, defaults.b),
    iou: readIou(location.search),
  };
  /** @type {((state: Choices) => void)[]} */
  const listeners = [];
  let waiting = 0;
  const remember = () => {
    clearTimeout(waiting); // browsers allow some hundred changes of the address a minute
    waiting = setTimeout(
      () => history.replaceState(history.state, "", addressWith(location.href, state, defaults)),
      250,
    );
  };
  return {
    payload,
    measured,
    state: () => state,
    set(patch) {
      state = { ...state, ...patch };
      for (const listener of listeners) listener(state);
      remember();
    },
    onChange(listener) {
      listeners.push(listener);
      listener(state);
    },
    variant: (id) => payload.variants.find((variant) => variant.id === id) ?? { ...payload.variants[0], id, label: id },
  };
}
