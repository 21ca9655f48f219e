/** What every page shares: the header with its light and dark switch, and the footer. */

import { make } from "./dom.js";
import { icon } from "./icons.js";

const THEME_PARAMETER = "__theme"; // Gradio reads the same one

function isDark() {
  return document.body.classList.contains("dark");
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
    document.body.classList.toggle("dark", theme === "dark");
    const address = new URL(location.href);
    address.searchParams.set(THEME_PARAMETER, theme);
    history.replaceState(history.state, "", address);
  });
  new MutationObserver(show).observe(document.body, { attributeFilter: ["class"] });
  show();
  return button;
}

/** Links of the header take along which detectors are compared, so that the choice holds from page to page. */
function keepChoice(nav) {
  nav.addEventListener(
    "click",
    ({ target }) => {
      const link = target.closest("a");
      if (!link) return;
      const here = new URLSearchParams(location.search);
      const address = new URL(link.href);
      for (const pane of ["a", "b"]) if (here.has(pane)) address.searchParams.set(pane, here.get(pane));
      link.href = address.href;
    },
    { capture: true },
  );
}

/**
 * Bring the frame that the server wrote to life.
 * @param {string} title of the page, for the header; "" for the footer
 * @param {{element: HTMLElement}} part the component that holds it
 */
export function mount(title, { element }) {
  if (title) {
    document.title = `${title} · PedViz`;
    element.querySelector(".pv-header > div").append(themeButton());
    keepChoice(element.querySelector(".pv-nav"));
  } else {
    element.querySelector(".pv-address").textContent = new URL("./", document.baseURI).href;
  }
}
