/**
 * A setting as Python declares it (pedviz/lessons/settings.py) and its text in the address.
 *
 * @typedef {{low: number, high: number, step: number, whole: boolean}} Range
 * @typedef {{kind: "number", key: string, label: string, default: number} & Range
 *   | {kind: "numbers", key: string, label: string, default: number[], names: string[], shortest: number,
 *      longest: number} & Range
 *   | {kind: "choice", key: string, label: string, default: string, options: [string, string][]}
 *   | {kind: "flag", key: string, label: string, default: boolean}
 *   | {kind: "text", key: string, label: string, default: string, pattern: string}} Setting
 */

import { format } from "../../base/numbers.js";

const SEPARATOR = "_"; // one of the few signs that addresses keep as they are

function numberProblem({ label, low, high, whole }, value) {
  if (!Number.isFinite(value)) return `${label}: this is not a number.`;
  if (whole && !Number.isInteger(value)) return `${label}: expected a whole number, got ${format(value)}.`;
  if (value < low || value > high) return `${label}: expected ${format(low)} to ${format(high)}, got ${format(value)}.`;
  return null;
}

function listProblem(setting, values) {
  const { label, shortest, longest } = setting;
  if (!Array.isArray(values) || values.length < shortest || values.length > longest) {
    const count = shortest === longest ? shortest : `${shortest} to ${longest}`;
    return `${label}: expected ${count} numbers, got ${values?.length ?? "none"}.`;
  }
  const named = (index) => ({ ...setting, label: `${label} ${setting.names[index] ?? index + 1}` });
  return values.map((value, index) => numberProblem(named(index), value)).find(Boolean) ?? null;
}

const KINDS = {
  number: { decode: toNumber, encode: String, problem: numberProblem },
  numbers: {
    decode: (text) => (text === "" ? [] : text.split(SEPARATOR).map(toNumber)),
    encode: (values) => values.join(SEPARATOR),
    problem: listProblem,
  },
  choice: {
    decode: (text) => text,
    encode: String,
    problem: ({ label, options }, value) =>
      options.some(([key]) => key === value) ? null : `${label}: there is no "${value}".`,
  },
  flag: {
    decode: (text) => ({ 1: true, 0: false })[text],
    encode: (value) => String(Number(value)),
    problem: ({ label }, value) => (typeof value === "boolean" ? null : `${label}: expected yes or no.`),
  },
  text: {
    decode: (text) => text,
    encode: String,
    problem: ({ label, pattern }, value) =>
      new RegExp(`^(?:${pattern})$`).test(value) ? null : `${label}: "${value}" does not fit.`,
  },
};

function toNumber(text) {
  return text.trim() === "" ? NaN : Number(text);
}

/**
 * Why a setting may not have this value, in one sentence, or null if it may.
 * @param {Setting} setting
 */
export function problemOf(setting, value) {
  return KINDS[setting.kind].problem(setting, value);
}

/** Whether two values of a setting are the same. */
export function sameValue(setting, first, second) {
  const { encode } = KINDS[setting.kind];
  return encode(first) === encode(second);
}

/**
 * The state that an address describes; what is missing, malformed or contradictory takes its default.
 * @param {Setting[]} settings
 * @param {string} search the query, as location.search
 * @param {(state: any) => Object<string, string|undefined>} check contradictions by setting key
 */
export function readState(settings, search, check) {
  const parameters = new URLSearchParams(search);
  const state = {};
  for (const setting of settings) {
    const text = parameters.get(setting.key);
    const value = text === null ? setting.default : KINDS[setting.kind].decode(text);
    state[setting.key] = problemOf(setting, value) === null ? value : setting.default;
  }
  const defaults = Object.fromEntries(settings.map((setting) => [setting.key, setting.default]));
  const wrong = Object.keys(check(state));
  for (const key of wrong) state[key] = defaults[key];
  return Object.keys(check(state)).length === 0 ? state : defaults;
}

/**
 * An address for a state; defaults are left out, other parameters stay.
 * @param {string} href the present address
 * @param {Setting[]} settings
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
