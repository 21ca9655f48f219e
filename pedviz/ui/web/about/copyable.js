/** Text to take away: a block of code with a button that copies it. */

import { copyText } from "../base/clipboard.js";
import { make } from "../base/dom.js";

const SAID_MS = 2000;

/**
 * @param {string} text what is shown and copied
 * @param {string} name what it is, for the button's name
 */
export function copyable(text, name) {
  const button = make("button", { type: "button", class: "pv-button pv-small", "aria-label": `Copy ${name}` }, "Copy");
  const status = make("span", { class: "pv-hidden", role: "status" });
  const say = (/** @type {string} */ word) => {
    button.textContent = status.textContent = word;
    setTimeout(() => {
      button.textContent = "Copy";
      status.textContent = "";
    }, SAID_MS);
  };
  button.addEventListener("click", () =>
    copyText(text).then(
      () => say("Copied"),
      () => say("Select and copy by hand"),
    ),
  );
  const code = make("pre", { tabindex: "0", "aria-label": name }, text);
  return make("div", { class: "pva-code" }, code, button, status);
}
