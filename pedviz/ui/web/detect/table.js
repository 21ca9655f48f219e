/** The people of both panes as one table, linked with the images both ways. */

import { make } from "../base/dom.js";
import { iouLessonAddress } from "./lesson_link.js";
import { pairedRows } from "./rows.js";

/**
 * @import { Row } from "./rows.js"
 * @import { Lit } from "./focus.js"
 * @import { PersonHooks } from "./pane.js"
 * @import { Person, View } from "./scene.js"
 *
 * @typedef {{href: string, label: string}} Link
 * @typedef {Object} Column
 * @property {string} key
 * @property {string} title
 * @property {(row: Row) => number|string} sort
 * @property {(row: Row) => string} text
 * @property {boolean} [numeric]
 * @property {boolean} [swatch] whether the person's colour stands before the text
 * @property {View[]} [views] the only ones that show it
 * @property {(row: Row) => Link|null} [link] where it leads
 *
 * @typedef {{key: string|null, down: boolean}} Order
 */

/** @type {(value: number|null, digits: number) => string} */
const number = (value, digits) => (value === null ? "–" : value.toFixed(digits).replace("-", "−"));
const signed = (/** @type {number|null} */ value) => (value !== null && value > 0 ? "+" : "") + number(value, 4);
const whole = (/** @type {number|null} */ value) => (value === null ? "–" : Math.round(value).toLocaleString("en"));

/** @type {(row: Row) => Link|null} */
const lessonOf = ({ person, best }) =>
  best && {
    href: iouLessonAddress(person, best),
    label:
      `IoU ${number(best.iou, 3)} of person ${person.number} of detector ${person.pane.toUpperCase()} with the best ` +
      "person of the ground truth, in the lesson, in a new tab",
  };

/** @type {Column[]} */
const COLUMNS = [
  { key: "pane", title: "Detector", sort: (row) => row.person.pane, text: (row) => row.person.pane.toUpperCase() },
  {
    key: "number",
    title: "Person",
    sort: (row) => row.person.number,
    text: (row) => String(row.person.number),
    swatch: true,
  },
  {
    key: "score",
    title: "Score",
    sort: (row) => row.person.score,
    text: (row) => number(row.person.score, 4),
    numeric: true,
  },
  {
    key: "box",
    title: "Box (x1, y1, x2, y2)",
    sort: (row) => row.person.box[0],
    text: (row) => row.box.map((edge) => edge.toFixed(0)).join(", "),
  },
  { key: "area", title: "Box area", sort: (row) => row.boxArea, text: (row) => whole(row.boxArea), numeric: true },
  {
    key: "mask",
    title: "Mask area",
    sort: (row) => row.maskArea ?? -1,
    text: (row) => whole(row.maskArea),
    numeric: true,
  },
  {
    key: "role",
    title: "Outcome",
    sort: (row) => row.verdict,
    text: (row) => row.verdict,
    views: ["disagreement", "truth"],
  },
  {
    key: "partner",
    title: "Match",
    sort: (row) => row.partner?.number ?? 0,
    text: (row) => (row.partner ? `${row.partner.pane.toUpperCase()} ${row.partner.number}` : "–"),
  },
  {
    key: "iou",
    title: "Box IoU",
    sort: (row) => row.person.iou ?? -1,
    text: (row) => number(row.person.iou, 3),
    numeric: true,
  },
  {
    key: "maskIou",
    title: "Mask IoU",
    sort: (row) => row.maskIou ?? -1,
    text: (row) => number(row.maskIou, 3),
    numeric: true,
    views: ["disagreement"],
  },
  {
    key: "truthIou",
    title: "IoU with ground truth",
    sort: (row) => row.best?.iou ?? -1,
    text: (row) => number(row.best?.iou ?? null, 3),
    link: lessonOf,
    numeric: true,
    views: ["truth"],
  },
  {
    key: "difference",
    title: "Score A − B",
    sort: (row) => row.difference ?? 0,
    text: (row) => signed(row.difference),
    numeric: true,
    views: ["disagreement"],
  },
];

const keyOf = (/** @type {Person} */ person) => `${person.pane}${person.id}`;

/** @type {(column: Column, state: {active: boolean, down: boolean, press: () => void}) => HTMLElement} */
function heading(column, { active, down, press }) {
  const state = active ? (down ? "descending" : "ascending") : "none";
  return make(
    "th",
    { scope: "col", "aria-sort": state, class: column.numeric ? "is-numeric" : null },
    make("button", { type: "button", onclick: press }, column.title),
  );
}

/** @type {(link: Link, text: string) => HTMLElement} in a new tab, because this one holds the photo */
function lessonLink({ href, label }, text) {
  const title = "See the two boxes in the lesson on IoU";
  return make("a", { href, target: "_blank", rel: "noopener", title, "aria-label": label }, text);
}

/** @type {(column: Column, row: Row) => HTMLElement} */
function cell(column, row) {
  const swatch = column.swatch ? make("span", { class: "pvc-swatch", style: `background:${row.person.colour}` }) : null;
  const link = column.link?.(row);
  const text = link ? lessonLink(link, column.text(row)) : column.text(row);
  return make("td", { class: column.numeric ? "is-numeric" : null }, swatch, text);
}

/**
 * The rows in the order of a column; as they come, or in pairs, where none is chosen.
 * @type {(rows: Row[], view: View, order: Order) => Row[]}
 */
function sorted(rows, view, { key, down }) {
  const column = COLUMNS.find((one) => one.key === key);
  if (!column) return view === "disagreement" ? pairedRows(rows) : rows;
  const order = (/** @type {Row} */ a, /** @type {Row} */ b) => {
    const [x, y] = [column.sort(a), column.sort(b)];
    return Number(x > y) - Number(x < y);
  };
  return [...rows].sort((a, b) => (down ? -order(a, b) : order(a, b)));
}

class Table {
  /** @type {Order} */
  sort = { key: null, down: true };
  /** @type {{rows: Row[], view: View}} */
  last = { rows: [], view: "detections" };
  /** @type {Map<string, {element: HTMLElement, person: Person}>} */
  lines = new Map();

  /** @param {PersonHooks} hooks */
  constructor({ onHover, onPick }) {
    this.onHover = onHover;
    this.onPick = onPick;
    this.head = make("tr");
    this.body = make("tbody");
    const caption = make("caption", { class: "pvc-caption" }, "People shown, in pixels of the original photo");
    this.table = make("table", { class: "pvc-table" }, caption, make("thead", {}, this.head), this.body);
    this.empty = make("p", { class: "pvc-empty", hidden: true }, "No people to list at these thresholds.");
    const frame = { class: "pvc-table-frame", tabindex: "0", role: "region", "aria-label": "Table of people" };
    this.element = make("div", frame, this.table, this.empty);
  }

  /** @param {Column} column */
  heading(column) {
    const { key, down } = this.sort;
    const active = key === column.key;
    const press = () => {
      this.sort = { key: column.key, down: active ? !down : true };
      this.show(this.last.rows, this.last.view);
    };
    return heading(column, { active, down, press });
  }

  /** @type {(row: Row, columns: Column[]) => HTMLElement} */
  line(row, columns) {
    const { person } = row;
    const words = `Pane ${person.pane.toUpperCase()}, person ${person.number}, score ${person.score.toFixed(2)}`;
    const element = make(
      "tr",
      {
        tabindex: "0",
        "aria-label": words,
        onpointerenter: () => this.onHover(person),
        onpointerleave: () => this.onHover(null),
        onfocus: () => this.onHover(person),
        onblur: () => this.onHover(null),
        onclick: (event) => {
          if (!(event.target instanceof Element && event.target.closest("a"))) this.onPick(person);
        },
        onkeydown: (event) => {
          if (event.target !== element || (event.key !== "Enter" && event.key !== " ")) return;
          event.preventDefault();
          this.onPick(person);
        },
      },
      ...columns.map((column) => cell(column, row)),
    );
    this.lines.set(keyOf(person), { element, person });
    return element;
  }

  /** @type {(rows: Row[], view: View) => void} */
  show(rows, view) {
    this.last = { rows, view };
    const { head, lines } = this;
    const columns = COLUMNS.filter(({ views }) => !views || views.includes(view));
    const focused = [...lines].find(([, { element }]) => element.contains(document.activeElement))?.[0];
    const headed = [...head.children].findIndex((one) => one.contains(document.activeElement));
    lines.clear();
    head.replaceChildren(...columns.map((column) => this.heading(column)));
    this.body.replaceChildren(...sorted(rows, view, this.sort).map((row) => this.line(row, columns)));
    this.table.hidden = rows.length === 0;
    this.empty.hidden = rows.length > 0;
    if (focused) lines.get(focused)?.element.focus({ preventScroll: true });
    if (headed >= 0) head.children[headed]?.querySelector("button")?.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} row is brought into the frame without moving the page */
  reveal(row) {
    const { head, element } = this;
    const top = row.offsetTop - head.offsetHeight;
    const bottom = row.offsetTop + row.offsetHeight - element.clientHeight;
    element.scrollTop = Math.min(Math.max(element.scrollTop, bottom), top);
  }

  /**
   * Mark rows.
   * @param {{lit: Lit|null, pinned: Person|null, pointed: Person|null}} focus lit: whose rows are lit up; pinned: who
   *   stays lit; pointed: whom the pointer is on in an image
   */
  light({ lit, pinned, pointed }) {
    for (const [key, { element: row, person }] of this.lines) {
      row.classList.toggle("is-lit", Boolean(lit?.(person)));
      row.setAttribute("aria-current", String(pinned !== null && key === keyOf(pinned)));
    }
    const line = pointed && this.lines.get(keyOf(pointed));
    if (line) this.reveal(line.element);
  }
}

/**
 * The table; its `show` takes rows as rows.js makes them and the view.
 * @param {PersonHooks} hooks
 */
export const createTable = (hooks) => new Table(hooks);
