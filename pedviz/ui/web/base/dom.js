/** Small helpers to build elements. Text always goes in as text, never as HTML. */

/**
 * An element with attributes, listeners and children.
 * @param {string} tag such as "button"
 * @param {Object} attributes names to values; a function under "onclick" listens; false and null are left out
 * @param {...(Node|string|null)} children
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Put text into an element. Where it is there already nothing is written: that would cost a layout. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** 20 MB rather than 20971520. */
export function megabytes(bytes) {
  const millions = bytes / 1e6;
  return `${millions < 10 ? millions.toFixed(1) : Math.round(millions)} MB`;
}
