/** The state of a lesson: what is allowed, what came before, and its address. */

import { addressOf, problemOf, readState, sameValue } from "./settings.js";

const REMEMBERED = 200; // states that undo can reach
const WRITE_AFTER_MS = 250; // browsers allow some hundred changes of the address a minute

class Store {
  /** @type {Object<string, any>[]} */
  past = [];
  /** @type {Object<string, any>[]} */
  future = [];
  /** Changes with this tag belong to one undo. @type {string|null} */
  openTag = null;
  writing = 0;
  /** @type {((state: any) => void)[]} */
  listeners = [];

  constructor(settings, check) {
    this.settings = settings;
    this.check = check;
    this.byKey = Object.fromEntries(settings.map((setting) => [setting.key, setting]));
    /** @type {Object<string, any>} */
    this.present = Object.freeze(readState(settings, location.search, check));
  }

  address() {
    return addressOf(location.href, this.settings, this.present);
  }

  become(state) {
    this.present = Object.freeze(state);
    clearTimeout(this.writing);
    this.writing = setTimeout(() => history.replaceState(history.state, "", this.address()), WRITE_AFTER_MS);
    for (const listener of this.listeners) listener(this.present);
  }

  problemsOf(state) {
    const problems = {};
    for (const setting of this.settings) {
      const problem = problemOf(setting, state[setting.key]);
      if (problem) problems[setting.key] = problem;
    }
    return Object.keys(problems).length ? problems : this.check(state);
  }

  has(patch) {
    return Object.entries(patch).every(([key, value]) => sameValue(this.byKey[key], this.present[key], value));
  }

  set(patch, tag) {
    const { present, past } = this;
    const next = { ...present, ...patch };
    const problems = this.problemsOf(next);
    if (Object.keys(problems).length) return problems;
    if (this.settings.every((setting) => sameValue(setting, next[setting.key], present[setting.key]))) return {};
    if (tag === null || tag !== this.openTag) this.past = [...past, present].slice(-REMEMBERED);
    this.openTag = tag;
    this.future = [];
    this.become(next);
    return {};
  }

  travel(from, to) {
    if (!from.length) return;
    to.push(this.present);
    this.openTag = null;
    this.become(from.pop());
  }
}

/**
 * @param {import("./settings.js").Setting[]} settings
 * @param {(state: any) => Object<string, string|undefined>} check why settings contradict each other, by setting key;
 *   sees only states whose settings are each allowed
 */
export function createStore(settings, check) {
  const store = new Store(settings, check);
  return {
    defaults: Object.freeze(Object.fromEntries(settings.map((setting) => [setting.key, setting.default]))),
    setting: (key) => store.byKey[key],
    state: () => store.present,
    /** Call `listener(state)` after every change. */
    listen(listener) {
      store.listeners.push(listener);
    },
    /**
     * Change some settings, or none of them if the result is not allowed.
     * @param {Object} patch
     * @param {string|null} tag changes in a row with one tag are undone together
     * @returns {Object<string, string>} problems by setting key; empty if the change was made
     */
    set: (patch, tag = null) => store.set(patch, tag),
    /** The next change starts a new undo, whatever its tag. */
    seal() {
      store.openTag = null;
    },
    undo: () => store.travel(store.past, store.future),
    redo: () => store.travel(store.future, store.past),
    canUndo: () => store.past.length > 0,
    canRedo: () => store.future.length > 0,
    /** Whether the state has these settings. */
    has: (patch) => store.has(patch),
    /** The address of the present state, at once. */
    address: () => store.address(),
  };
}
