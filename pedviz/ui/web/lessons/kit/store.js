/** The state of a lesson: what is allowed, what came before, and its address. */

import { addressOf, problemOf, readState, sameValue } from "./settings.js";

const REMEMBERED = 200; // states that undo can reach
const WRITE_AFTER_MS = 250; // browsers allow some hundred changes of the address a minute

/**
 * @param {import("./settings.js").Setting[]} settings
 * @param {(state: any) => Object<string, string|undefined>} check why settings contradict each other, by setting key;
 *   sees only states whose settings are each allowed
 */
export function createStore(settings, check) {
  const byKey = Object.fromEntries(settings.map((setting) => [setting.key, setting]));
  const defaults = Object.freeze(Object.fromEntries(settings.map((setting) => [setting.key, setting.default])));
  const listeners = [];
  /** @type {Object<string, any>} */
  let present = Object.freeze(readState(settings, location.search, check));
  let past = [];
  let future = [];
  /** @type {string|null} */
  let openTag = null; // changes with this tag belong to one undo
  let writing = 0;

  function writeAddress() {
    clearTimeout(writing);
    writing = setTimeout(() => {
      history.replaceState(history.state, "", addressOf(location.href, settings, present));
    }, WRITE_AFTER_MS);
  }

  function become(state) {
    present = Object.freeze(state);
    writeAddress();
    for (const listener of listeners) listener(present);
  }

  function problemsOf(state) {
    const problems = {};
    for (const setting of settings) {
      const problem = problemOf(setting, state[setting.key]);
      if (problem) problems[setting.key] = problem;
    }
    return Object.keys(problems).length ? problems : check(state);
  }

  function travel(from, to) {
    if (!from.length) return;
    to.push(present);
    openTag = null;
    become(from.pop());
  }

  const store = {
    defaults,
    setting: (key) => byKey[key],
    state: () => present,
    /** Call `listener(state)` after every change. */
    listen(listener) {
      listeners.push(listener);
    },
    /**
     * Change some settings, or none of them if the result is not allowed.
     * @param {Object} patch
     * @param {string|null} tag changes in a row with one tag are undone together
     * @returns {Object<string, string>} problems by setting key; empty if the change was made
     */
    set(patch, tag = null) {
      const next = { ...present, ...patch };
      const problems = problemsOf(next);
      if (Object.keys(problems).length) return problems;
      if (settings.every((setting) => sameValue(setting, next[setting.key], present[setting.key]))) return {};
      if (tag === null || tag !== openTag) past = [...past, present].slice(-REMEMBERED);
      openTag = tag;
      future = [];
      become(next);
      return {};
    },
    /** The next change starts a new undo, whatever its tag. */
    seal() {
      openTag = null;
    },
    undo() {
      travel(past, future);
    },
    redo() {
      travel(future, past);
    },
    canUndo: () => past.length > 0,
    canRedo: () => future.length > 0,
    /** Whether the state has these settings. */
    has: (patch) => Object.entries(patch).every(([key, value]) => sameValue(byKey[key], present[key], value)),
    /** The address of the present state, at once. */
    address: () => addressOf(location.href, settings, present),
  };
  return store;
}
