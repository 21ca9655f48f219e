/** Text into the clipboard, also where there is none. */

import { make } from "./dom.js";

/**
 * Copy a text.
 * @param {string} text
 * @returns {Promise<void>} refused where the browser does not let us
 */
export function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = make("textarea", { class: "pv-hidden" }); // pages over plain http have no clipboard object
  field.value = text;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied ? Promise.resolve() : Promise.reject(new Error("the browser refused"));
}
