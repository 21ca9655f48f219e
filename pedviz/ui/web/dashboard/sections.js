/** The sections of the page, in order; a section's data is what pedviz/dashboard/payload.py builds under its id. */

import { mountAblations } from "./ablations.js";
import { mountCost } from "./cost.js";
import { mountCurves } from "./curves.js";
import { mountErrors } from "./errors.js";
import { mountPair } from "./pair.js";
import { mountTables } from "./tables.js";
import { mountTraining } from "./training.js";

export const SECTIONS = [
  { id: "pair", title: "Is the difference real?", mount: mountPair, always: true },
  { id: "tables", title: "All the numbers", mount: mountTables },
  { id: "curves", title: "Curves behind the numbers", mount: mountCurves },
  { id: "errors", title: "What goes wrong", mount: mountErrors },
  { id: "cost", title: "What it costs", mount: mountCost },
  { id: "ablations", title: "What changes when one setting changes", mount: mountAblations },
  { id: "training", title: "How the weights learned", mount: mountTraining },
];
