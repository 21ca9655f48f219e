/** The site's line icons. */

import { svg } from "./svg.js";

const PATHS = {
  photo:
    "M4 6h3l1.5-2h7L17 6h3a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1zM12 16.5a4 4 0 1 0 0-8 4 " +
    "4 0 0 0 0 8z",
  camera: "M3 6.5h11v11H3zM14 10.5l7-3.5v10l-7-3.5z",
  closer: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 21 21M10.5 7.5v6M7.5 10.5h6",
  swap: "M4 9h15m0 0-4-4m4 4-4 4M20 15H5m0 0 4-4m-4 4 4 4",
  link:
    "M10 14a4 4 0 0 0 5.7 0l3.2-3.2a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.2 3.2a4 " +
    "4 0 0 0 5.7 5.7l1.2-1.2",
  bin: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  moon: "M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5z",
  sun:
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 " +
    "6.4 19 5",
  undo: "M9 4 4 9l5 5M4 9h10.5a5.5 5.5 0 0 1 0 11H11",
  redo: "M15 4l5 5-5 5M20 9H9.5a5.5 5.5 0 0 0 0 11H13",
  reset: "M4 5v6h6M4.6 11a8 8 0 1 1-.6 5",
  question: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 18v.01M12 22a10 10 0 1 0 0-20 10 10 0 0 0 0 20z",
  dice: "M4 4h16v16H4zM8.5 8.5v.01M15.5 8.5v.01M12 12v.01M8.5 15.5v.01M15.5 15.5v.01",
  print: "M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z",
  hide: "M4 4l16 16M9.5 5.4A9 9 0 0 1 21 12a12 12 0 0 1-2.4 3.2M6.3 7.2A12 12 0 0 0 3 12a9.6 9.6 0 0 0 12.6 5.6",
  embed: "M9 7 4 12l5 5M15 7l5 5-5 5M13 5l-2 14",
  screen: "M3 5h18v11H3zM9 21h6M12 16v5",
  right: "M4 12.5l5 5L20 6.5",
  wrong: "M6 6l12 12M18 6L6 18",
  incomplete: "M12 5v9M12 18.5v.01",
};

/** @typedef {keyof typeof PATHS} IconName */

/**
 * A line icon by its name, silent for screen readers.
 * @param {IconName} name
 */
export function icon(name) {
  const attributes = {
    viewBox: "0 0 24 24",
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 1.8,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
  };
  return svg("svg", attributes, svg("path", { d: PATHS[name] }));
}
