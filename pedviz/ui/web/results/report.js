/** A report on disk: the data stands in the file. */

import { showResults } from "../charts/results_view.js";

const [host, data] = ["results", "data"].map((id) => /** @type {HTMLElement} */ (document.getElementById(id)));
showResults(host, JSON.parse(data.textContent));
