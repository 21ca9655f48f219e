/** The state of a lesson: what is allowed, what came before, and its address. */

/** @import { Problems, Setting, SettingOf, State, Value } from "./settings.js" */

import { addressOf, defaultsOf, problemOf, readState, sameValue } from "./settings.js";

const REMEMBERED = 200; // states that undo can reach
const WRITE_AFTER_MS = 250; // browsers allow some hundred changes of the address a minute

/**
 * The state of a lesson whose settings are S. Its functions are written as methods: whoever works with the store of
 * any lesson can be given that of one.
 * @template S
 * @typedef {{
 *   defaults: S,
 *   setting<Key extends keyof S & string>(key: Key): SettingOf<S[Key]>,
 *   state(): S,
 *   listen(listener: (state: S) => void): void,
 *   set(patch: Partial<S>, tag?: string|null): Problems,
 *   seal(): void,
 *   undo(): void,
 *   redo(): void,
 *   canUndo(): boolean,
 *   canRedo(): boolean,
 *   has(patch: Partial<S>): boolean,
 *   address(): string,
 * }} Store `listen` hears of every change; `set` changes some settings, or none of them if the result is not allowed:
 *   then it says why, and changes in a row with one `tag` are undone together, until `seal` starts a new undo; `has`
 *   tells whether the state has these settings; `address` is that of the present state, at once
 */

class States {
  /** @type {State[]} */
  past = [];
  /** @type {State[]} */
  future = [];
  /** Changes with this tag belong to one undo. @type {string|null} */
  openTag = null;
  writing = 0;
  /** @type {((state: State) => void)[]} */
  listeners = [];

  /**
   * @param {Setting[]} settings
   * @param {(state: State) => Problems} check
   */
  constructor(settings, check) {
    this.settings = settings;
    this.check = check;
    this.byKey = Object.fromEntries(settings.map((setting) => [setting.key, setting]));
    /** @type {State} */
    this.present = Object.freeze(readState(settings, location.search, check));
  }

  address() {
    return addressOf(location.href, this.settings, this.present);
  }

  /** @param {State} state */
  become(state) {
    this.present = Object.freeze(state);
    clearTimeout(this.writing);
    this.writing = setTimeout(() => history.replaceState(history.state, "", this.address()), WRITE_AFTER_MS);
    for (const listener of this.listeners) listener(this.present);
  }

  /** @param {State} state */
  problemsOf(state) {
    /** @type {Problems} */
    const problems = {};
    for (const setting of this.settings) {
      const problem = problemOf(setting, state[setting.key]);
      if (problem) problems[setting.key] = problem;
    }
    return Object.keys(problems).length ? problems : this.check(state);
  }

  /** @param {State} patch */
  has(patch) {
    return Object.entries(patch).every(([key, value]) => sameValue(this.byKey[key], this.present[key], value));
  }

  /** @type {(patch: State, tag: string|null) => Problems} */
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

  /** @type {(from: State[], to: State[]) => void} */
  travel(from, to) {
    const next = from.pop();
    if (!next) return;
    to.push(this.present);
    this.openTag = null;
    this.become(next);
  }
}

/**
 * @template {State} S what the settings, which come from Python, say of a state
 * @param {Setting[]} settings
 * @param {(state: S) => Problems} check why settings contradict each other; sees only states whose settings are each
 *   allowed
 * @returns {Store<S>}
 */
export function createStore(settings, check) {
  const states = new States(settings, /** @type {(state: State) => Problems} */ (check));
  return {
    defaults: /** @type {S} */ (Object.freeze(defaultsOf(settings))),
    setting: (key) => /** @type {SettingOf<S[typeof key]>} */ (states.byKey[key]),
    state: () => /** @type {S} */ (states.present),
    listen(listener) {
      states.listeners.push(/** @type {(state: State) => void} */ (listener));
    },
    set: (patch, tag = null) => states.set(/** @type {State} */ (patch), tag),
    seal() {
      states.openTag = null;
    },
    undo: () => states.travel(states.past, states.future),
    redo: () => states.travel(states.future, states.past),
    canUndo: () => states.past.length > 0,
    canRedo: () => states.future.length > 0,
    has: (patch) => states.has(/** @type {State} */ (patch)),
    address: () => states.address(),
  };
}
