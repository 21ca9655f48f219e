/** A report on disk: the data stands in the file. */

import { showResults } from "../charts/results_view.js";

const host = document.getElementById("results");
showResults(host, JSON.parse(document.getElementById("data").textContent));
