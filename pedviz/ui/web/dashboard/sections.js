/** The sections of the page, in order; a section's data is what pedviz/dashboard/payload.py builds under its id. */

import { mountPair } from "./pair.js";
import { mountTables } from "./tables.js";

export const SECTIONS = [
  { id: "pair", title: "Is the difference real?", mount: mountPair, always: true },
  { id: "tables", title: "All the numbers", mount: mountTables },
];
