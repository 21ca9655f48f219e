/** The sections of the page, in order; a section's data is what pedviz/dashboard/payload.py builds under its id. */

import { mountAblations } from "./ablations.js";
import { mountCost } from "./cost.js";
import { mountCurves } from "./curves.js";
import { mountErrors } from "./errors.js";
import { mountPair } from "./pair.js";
import { mountTables } from "./tables.js";
import { mountTraining } from "./training.js";

export const SECTIONS = [
  { id: "pair", title: "Significance", mount: mountPair, always: true },
  { id: "tables", title: "Results", mount: mountTables },
  { id: "curves", title: "Curves", mount: mountCurves },
  { id: "errors", title: "Error analysis", mount: mountErrors },
  { id: "cost", title: "Speed and size", mount: mountCost },
  { id: "ablations", title: "Ablations", mount: mountAblations },
  { id: "training", title: "Training curves", mount: mountTraining },
];
