/** The people of both panes as one table, linked with the images both ways. */

import { make } from "../base/dom.js";
import { iouLessonAddress } from "./lesson_link.js";
import { pairedRows } from "./rows.js";

const number = (value, digits) => (value === null ? "–" : value.toFixed(digits).replace("-", "−"));
const signed = (value) => (value > 0 ? "+" : "") + number(value, 4);
const whole = (value) => (value === null ? "–" : Math.round(value).toLocaleString("en"));

const lessonOf = ({ person, best }) =>
  best && {
    href: iouLessonAddress(person, best),
    label:
      `IoU ${number(best.iou, 3)} of person ${person.number} of pane ${person.pane.toUpperCase()} with the best true ` +
      "person, in the lesson, in a new tab",
  };

/** Columns: title, what to sort by (numbers or text), what to show, when, and where it leads. */
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

const keyOf = (person) => `${person.pane}${person.id}`;

/**
 * @param {Object} hooks {onHover(person|null), onPick(person)}
 * @returns {{element: HTMLElement, show: (a: Object[], b: string) => void, light: (a: Object) => void}}
 *   show takes rows as rows.js makes them and the view
 */
export function createTable({ onHover, onPick }) {
  let sort = { key: null, down: true };
  let last = { rows: [], view: "detections" };
  const lines = new Map();
  const head = make("tr");
  const body = make("tbody");
  const table = make(
    "table",
    { class: "pvc-table" },
    make("caption", { class: "pvc-caption" }, "People shown, in pixels of the original photo"),
    make("thead", {}, head),
    body,
  );
  const empty = make("p", { class: "pvc-empty", hidden: true }, "No people to list at these thresholds.");
  const element = make(
    "div",
    { class: "pvc-table-frame", tabindex: "0", role: "region", "aria-label": "Table of people" },
    table,
    empty,
  );

  function sorted({ rows, view }) {
    const column = COLUMNS.find(({ key }) => key === sort.key);
    if (!column) return view === "disagreement" ? pairedRows(rows) : rows;
    const order = (a, b) => {
      const [x, y] = [column.sort(a), column.sort(b)];
      return (x > y) - (x < y);
    };
    return [...rows].sort((a, b) => (sort.down ? -order(a, b) : order(a, b)));
  }

  function heading(column) {
    const active = sort.key === column.key;
    const press = () => {
      sort = { key: column.key, down: active ? !sort.down : true };
      show(last.rows, last.view);
    };
    const state = active ? (sort.down ? "descending" : "ascending") : "none";
    return make(
      "th",
      { scope: "col", "aria-sort": state, class: column.numeric ? "is-numeric" : null },
      make("button", { type: "button", onclick: press }, column.title),
    );
  }

  function cell(column, row) {
    const swatch = column.swatch
      ? make("span", { class: "pvc-swatch", style: `background:${row.person.colour}` })
      : null;
    const link = column.link?.(row); // in a new tab, because this one holds the photo
    const text = link
      ? make(
          "a",
          {
            href: link.href,
            target: "_blank",
            rel: "noopener",
            title: "See the two boxes in the lesson on IoU",
            "aria-label": link.label,
          },
          column.text(row),
        )
      : column.text(row);
    return make("td", { class: column.numeric ? "is-numeric" : null }, swatch, text);
  }

  function line(row, columns) {
    const { person } = row;
    const words = `Pane ${person.pane.toUpperCase()}, person ${person.number}, score ${person.score.toFixed(2)}`;
    const element = make(
      "tr",
      {
        tabindex: "0",
        "aria-label": words,
        onpointerenter: () => onHover(person),
        onpointerleave: () => onHover(null),
        onfocus: () => onHover(person),
        onblur: () => onHover(null),
        onclick: (event) => {
          if (!event.target.closest("a")) onPick(person);
        },
        onkeydown: (event) => {
          if (event.target !== element || (event.key !== "Enter" && event.key !== " ")) return;
          event.preventDefault();
          onPick(person);
        },
      },
      ...columns.map((column) => cell(column, row)),
    );
    lines.set(keyOf(person), { element, person });
    return element;
  }

  function show(rows, view) {
    last = { rows, view };
    const columns = COLUMNS.filter(({ views }) => !views || views.includes(view));
    const focused = [...lines].find(([, { element: row }]) => row.contains(document.activeElement))?.[0];
    const headed = [...head.children].findIndex((cell) => cell.contains(document.activeElement));
    lines.clear();
    head.replaceChildren(...columns.map(heading));
    body.replaceChildren(...sorted(last).map((row) => line(row, columns)));
    table.hidden = rows.length === 0;
    empty.hidden = rows.length > 0;
    if (focused) lines.get(focused)?.element.focus({ preventScroll: true });
    if (headed >= 0) head.children[headed]?.firstElementChild.focus({ preventScroll: true });
  }

  /** Bring a row into the frame without moving the page. */
  function reveal(row) {
    const top = row.offsetTop - head.offsetHeight;
    const bottom = row.offsetTop + row.offsetHeight - element.clientHeight;
    element.scrollTop = Math.min(Math.max(element.scrollTop, bottom), top);
  }

  return {
    element,
    show,
    /**
     * Mark rows.
     * @param {{lit: ((person: Object) => boolean)|null, pinned: Object|null, pointed: Object|null}} focus lit:
     *   whose rows are lit up; pinned: who stays lit; pointed: whom the pointer is on in an image
     */
    light({ lit, pinned, pointed }) {
      for (const [key, { element: row, person }] of lines) {
        row.classList.toggle("is-lit", Boolean(lit?.(person)));
        row.setAttribute("aria-current", String(Boolean(pinned) && key === keyOf(pinned)));
      }
      if (pointed && lines.has(keyOf(pointed))) reveal(lines.get(keyOf(pointed)).element);
    },
  };
}
