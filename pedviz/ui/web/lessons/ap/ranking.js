/** A ranking from a table: lines of score and hit, as a spreadsheet or a detector writes them. */

const YES = ["1", "true", "t", "yes", "tp", "hit"];
const NO = ["0", "false", "f", "no", "fp", "miss"];

const TITLE = /^(?![-+]?(?:nan|inf))\D*\p{L}/iu; // a word, and not a number that is none

/** The two fields of a line; where semicolons or tabs part them, a comma may be a decimal one. @param {string} line */
function fieldsOf(line) {
  const parts = line.split(/[;\t]/);
  const fields = parts.length > 1 ? parts.map((part) => part.replace(",", ".")) : line.split(",");
  return fields.map((field) => field.trim().replace(/^"(.*)"$/, "$1"));
}

/**
 * @param {string} text lines of "score,hit"; a first line of titles is left out
 * @param {number} most detections that are taken
 * @returns {{hits?: string, problem?: string}} one letter a detection, best score first, T where it is a true positive;
 *   or what is wrong, in a sentence
 */
export function readRanking(text, most) {
  const lines = text
    .split("\n")
    .map((line, place) => ({ fields: fieldsOf(line), number: place + 1, blank: !line.trim() }));
  const filled = lines.filter(({ blank }) => !blank);
  const rows = filled.length && TITLE.test(filled[0].fields[0]) ? filled.slice(1) : filled;
  if (!rows.length) return { problem: "There is no line with a score and 1 or 0, such as 0.93,1." };
  if (rows.length > most) return { problem: `These are ${rows.length} detections; the list holds at most ${most}.` };
  for (const { fields, number } of rows) {
    const [score, hit, ...more] = fields;
    if (score === "" || !Number.isFinite(Number(score)))
      return { problem: `Line ${number}: “${score}” is not a score; write a number.` };
    if (hit === undefined || more.length)
      return { problem: `Line ${number}: expected two fields, a score and 1 or 0.` };
    if (![...YES, ...NO].includes(hit.toLowerCase()))
      return {
        problem: `Line ${number}: “${hit}” is neither 1 nor 0; write 1 for a true positive and 0 for a false one.`,
      };
  }
  const ranked = rows.map(({ fields: [score, hit] }) => ({
    score: Number(score),
    hit: YES.includes(hit.toLowerCase()),
  }));
  ranked.sort((first, second) => second.score - first.score); // stable
  return { hits: ranked.map(({ hit }) => (hit ? "T" : "F")).join("") };
}
