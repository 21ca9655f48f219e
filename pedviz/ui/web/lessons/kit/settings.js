/**
 * A setting as Python declares it (pedviz/lessons/settings.py) and its text in the address.
 *
 * @typedef {{low: number, high: number, step: number, whole: boolean}} Range
 * @typedef {{kind: "number", key: string, label: string, default: number} & Range} NumberSetting
 * @typedef {{kind: "numbers", key: string, label: string, default: number[], names: string[], shortest: number,
 *   longest: number} & Range} NumbersSetting
 * @typedef {{kind: "choice", key: string, label: string, default: string, options: [string, string][]}} ChoiceSetting
 * @typedef {{kind: "flag", key: string, label: string, default: boolean}} FlagSetting
 * @typedef {{kind: "text", key: string, label: string, default: string, pattern: string}} TextSetting
 * @typedef {NumberSetting|NumbersSetting|ChoiceSetting|FlagSetting|TextSetting} Setting
 *
 * @typedef {number|number[]|string|boolean} Value
 * @typedef {Record<string, Value>} State a value for the key of every setting
 * @typedef {Record<string, string|undefined>} Problems what is wrong, in one sentence, by the key of the setting
 */

/**
 * The setting that has such a value.
 * @template V
 * @typedef {V extends number[] ? NumbersSetting : V extends number ? NumberSetting : V extends boolean ? FlagSetting
 *   : ChoiceSetting|TextSetting} SettingOf
 */

import { format } from "../../base/numbers.js";

const SEPARATOR = "_"; // one of the few signs that addresses keep as they are

/** @type {(setting: NumberSetting|NumbersSetting, value: number) => string|null} */
function numberProblem({ label, low, high, whole }, value) {
  if (!Number.isFinite(value)) return `${label}: this is not a number.`;
  if (whole && !Number.isInteger(value)) return `${label}: expected a whole number, got ${format(value)}.`;
  if (value < low || value > high) return `${label}: expected ${format(low)} to ${format(high)}, got ${format(value)}.`;
  return null;
}

/** @type {(setting: NumbersSetting, values: number[]) => string|null} */
function listProblem(setting, values) {
  const { label, shortest, longest } = setting;
  if (!Array.isArray(values) || values.length < shortest || values.length > longest) {
    const count = shortest === longest ? shortest : `${shortest} to ${longest}`;
    return `${label}: expected ${count} numbers, got ${values?.length ?? "none"}.`;
  }
  /** @param {number} index */
  const named = (index) => ({ ...setting, label: `${label} ${setting.names[index] ?? index + 1}` });
  return values.map((value, index) => numberProblem(named(index), value)).find(Boolean) ?? null;
}

/** @type {Object<string, boolean>} */
const FLAGS = { 1: true, 0: false };

/**
 * What each kind makes of an address; undefined where that is nothing.
 * @type {Record<Setting["kind"], {decode(text: string): Value|undefined, encode(value: Value): string,
 *   problem(setting: Setting, value: Value|undefined): string|null}>}
 */
const KINDS = {
  number: { decode: toNumber, encode: String, problem: numberProblem },
  numbers: {
    decode: (text) => (text === "" ? [] : text.split(SEPARATOR).map(toNumber)),
    encode: (/** @type {number[]} */ values) => values.join(SEPARATOR),
    problem: listProblem,
  },
  choice: {
    decode: (text) => text,
    encode: String,
    problem: (/** @type {ChoiceSetting} */ { label, options }, value) =>
      options.some(([key]) => key === value) ? null : `${label}: there is no "${value}".`,
  },
  flag: {
    decode: (text) => FLAGS[text],
    encode: (value) => String(Number(value)),
    problem: ({ label }, value) => (typeof value === "boolean" ? null : `${label}: expected yes or no.`),
  },
  text: {
    decode: (text) => text,
    encode: String,
    problem: (/** @type {TextSetting} */ { label, pattern }, /** @type {string} */ value) =>
      new RegExp(`^(?:${pattern})$`).test(value) ? null : `${label}: "${value}" does not fit.`,
  },
};

/** @param {string} text */
function toNumber(text) {
  return text.trim() === "" ? NaN : Number(text);
}

/**
 * Why a setting may not have this value, in one sentence, or null if it may.
 * @param {Setting} setting
 * @param {Value|undefined} value
 */
export function problemOf(setting, value) {
  return KINDS[setting.kind].problem(setting, value);
}

/** Whether two values of a setting are the same. @type {(setting: Setting, first: Value, second: Value) => boolean} */
export function sameValue(setting, first, second) {
  const { encode } = KINDS[setting.kind];
  return encode(first) === encode(second);
}

/** The state with which a lesson begins. @type {(settings: Setting[]) => State} */
export const defaultsOf = (settings) => Object.fromEntries(settings.map((setting) => [setting.key, setting.default]));

/**
 * The state that an address describes; what is missing, malformed or contradictory takes its default.
 * @param {Setting[]} settings
 * @param {string} search the query, as location.search
 * @param {(state: State) => Problems} check contradictions
 */
export function readState(settings, search, check) {
  const parameters = new URLSearchParams(search);
  /** @type {State} */
  const state = {};
  for (const setting of settings) {
    const text = parameters.get(setting.key);
    const value = text === null ? setting.default : KINDS[setting.kind].decode(text);
    state[setting.key] = value !== undefined && problemOf(setting, value) === null ? value : setting.default;
  }
  const defaults = defaultsOf(settings);
  const wrong = Object.keys(check(state));
  for (const key of wrong) state[key] = defaults[key];
  return Object.keys(check(state)).length === 0 ? state : defaults;
}

/**
 * An address for a state; defaults are left out, other parameters stay.
 * @param {string} href the present address
 * @param {Setting[]} settings
 * @param {State} state
 */
export function addressOf(href, settings, state) {
  const address = new URL(href);
  for (const setting of settings) {
    const value = state[setting.key];
    if (sameValue(setting, value, setting.default)) address.searchParams.delete(setting.key);
    else address.searchParams.set(setting.key, KINDS[setting.kind].encode(value));
  }
  return address.href;
}
