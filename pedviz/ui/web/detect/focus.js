/** Who is lit up in the images and in the table: the person pointed at, or the one pinned by a press. */

const same = (one, other) => one?.pane === other?.pane && one?.id === other?.id;

class Focus {
  /** In an image. @type {any} */
  pointed = null;
  /** In the table. @type {any} */
  listed = null;
  /** For good. @type {any} */
  pinned = null;

  constructor(onChange) {
    this.onChange = onChange;
  }

  /** Whether a person is lit, as a test; their partner is too. Null: nobody in particular. */
  get test() {
    const focus = this.pointed ?? this.listed ?? this.pinned;
    return focus && ((person) => (person.pane === focus.pane ? person.id === focus.id : person.partner === focus.id));
  }

  point(pointed, listed) {
    if (same(this.pointed, pointed) && same(this.listed, listed)) return;
    Object.assign(this, { pointed, listed });
    this.onChange();
  }

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
