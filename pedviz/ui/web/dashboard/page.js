/** What the sections share: the data, and the choices that the address keeps. */

import { addressWith, readChoice } from "../base/address.js";

export const KINDS = { bbox: "Boxes", segm: "Masks" };
const IOU = { low: 0.5, high: 0.95, usual: 0.5 };

function readIou(search) {
  const text = new URLSearchParams(search).get("iou");
  const value = text === null || text.trim() === "" ? NaN : Number(text);
  return value >= IOU.low && value <= IOU.high ? value : IOU.usual;
}

/**
 * The page that sections are mounted with.
 * @param {Object} payload dashboard_payload() of pedviz/dashboard/payload.py
 * @returns {{payload: any, state: () => {kind: string, a: string, b: string, iou: number},
 *   set: (patch: Object) => void, onChange: (listener: Function) => void, variant: (id: string) => any,
 *   measured: any[]}}
 */
export function createPage(payload) {
  const measured = payload.variants.filter(({ predictions }) => predictions);
  const ids = measured.map(({ id }) => id);
  const defaults = { kind: "bbox", a: ids[0] ?? null, b: ids[1] ?? ids[0] ?? null, iou: IOU.usual };
  let state = {
    kind: readChoice(location.search, "kind", Object.keys(KINDS), defaults.kind),
    a: readChoice(location.search, "a", ids, defaults.a),
    b: readChoice(location.search, "b", ids, defaults.b),
    iou: readIou(location.search),
  };
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
    variant: (id) =>
      payload.variants.find((variant) => variant.id === id) ?? { id, label: id, style: payload.variants[0].style },
  };
}
