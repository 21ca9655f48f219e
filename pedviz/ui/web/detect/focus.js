/** Who is lit up in the images and in the table: the person pointed at, or the one pinned by a press. */

/**
 * @import { Person } from "./scene.js"
 * @typedef {(person: Person) => boolean} Lit whether a person is lit up
 */

/** @type {(one: Person|null, other: Person|null) => boolean} */
const same = (one, other) => one?.pane === other?.pane && one?.id === other?.id;

class Focus {
  /** In an image. @type {Person|null} */
  pointed = null;
  /** In the table. @type {Person|null} */
  listed = null;
  /** For good. @type {Person|null} */
  pinned = null;

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
  }

  /**
   * Whether a person is lit, as a test; their partner is too. Null: nobody in particular.
   * @returns {Lit|null}
   */
  get test() {
    const focus = this.pointed ?? this.listed ?? this.pinned;
    return focus && ((person) => (person.pane === focus.pane ? person.id === focus.id : person.partner === focus.id));
  }

  /** @type {(pointed: Person|null, listed: Person|null) => void} */
  point(pointed, listed) {
    if (same(this.pointed, pointed) && same(this.listed, listed)) return;
    Object.assign(this, { pointed, listed });
    this.onChange();
  }

  /** @param {Person|null} person */
  pick(person) {
    this.pinned = same(this.pinned, person) ? null : person;
    this.onChange();
  }

  clear() {
    Object.assign(this, { pointed: null, listed: null, pinned: null });
  }
}

/** @param {() => void} onChange */
export const createFocus = (onChange) => new Focus(onChange);
