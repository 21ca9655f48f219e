/** What every page shares: the header with its light and dark switch, and the footer. */

import { make, partOf } from "./dom.js";
import { icon } from "./icons.js";

const THEME_PARAMETER = "__theme"; // Gradio reads the same one
const THEME_STORED = "pedviz-theme"; // first_paint.js reads the same one
const KEPT = [THEME_PARAMETER, "a", "b"];

function isDark() {
  return document.body.classList.contains("dark");
}

/**
 * Show the page light or dark, and say so in its address.
 * @param {string} theme "light" or "dark"
 */
function setTheme(theme) {
  document.body.classList.toggle("dark", theme === "dark");
  const address = new URL(location.href);
  address.searchParams.set(THEME_PARAMETER, theme);
  history.replaceState(history.state, "", address);
}

/**
 * For other tabs, now and later.
 * @param {string} theme
 */
function storeTheme(theme) {
  try {
    localStorage.setItem(THEME_STORED, theme);
  } catch {
    // A frame in a sandbox has no storage: the choice holds for this page alone.
  }
}

/** A page that Gradio starts follows the address or the system; here it learns what was chosen in another tab. */
export function followStored() {
  try {
    const theme = localStorage.getItem(THEME_STORED);
    if (theme && !new URLSearchParams(location.search).has(THEME_PARAMETER)) setTheme(theme);
  } catch {
    // No storage, nothing to follow.
  }
}

function themeButton() {
  const label = make("span", { class: "pv-button-label" });
  const button = make("button", { type: "button", class: "pv-button pv-quiet pv-small" });
  const show = () => {
    const other = isDark() ? "light" : "dark";
    label.textContent = other === "dark" ? "Dark" : "Light";
    button.setAttribute("aria-label", `Switch to the ${other} theme`);
    button.replaceChildren(icon(other === "dark" ? "moon" : "sun"), label);
  };
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    setTheme(theme);
    storeTheme(theme);
  });
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key === THEME_STORED && newValue) setTheme(newValue);
  });
  new MutationObserver(show).observe(document.body, { attributeFilter: ["class"] });
  show();
  return button;
}

/**
 * Links of the header take along the theme and which detectors are compared, so that both hold from page to page.
 * @param {HTMLElement} nav
 */
function keepChoice(nav) {
  nav.addEventListener(
    "click",
    ({ target }) => {
      const link = target instanceof Element ? target.closest("a") : null;
      if (!link) return;
      const here = new URLSearchParams(location.search);
      const address = new URL(link.href);
      for (const key of KEPT) {
        const value = here.get(key);
        if (value !== null) address.searchParams.set(key, value);
      }
      link.href = address.href;
    },
    { capture: true },
  );
}

/**
 * Bring the header that the server wrote to life.
 * @param {HTMLElement} header
 */
export function startHeader(header) {
  partOf(header, "div").append(themeButton());
  keepChoice(partOf(header, ".pv-nav"));
}

/**
 * Say in the footer where this site is, for programs.
 * @param {HTMLElement} footer
 */
export function startFooter(footer) {
  const address = footer.querySelector(".pv-address");
  if (address) address.textContent = new URL("./", document.baseURI).href;
}
