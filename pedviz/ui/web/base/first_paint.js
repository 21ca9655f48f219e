// A classic script, because modules run after the first paint: light or dark must be known before it. And it also
// runs where modules do not, in a page that was opened as a file of a disk.
(() => {
  const stored = () => {
    try {
      return localStorage.getItem("pedviz-theme");
    } catch {
      return null; // a frame in a sandbox has no storage
    }
  };
  const asked = new URLSearchParams(location.search).get("__theme") ?? stored();
  const dark = asked ? asked === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.body.classList.toggle("dark", dark);
  const { classList } = document.documentElement;
  classList.toggle("pv-embed", new URLSearchParams(location.search).get("embed") === "1");
  classList.toggle("pvl-present-soon", new URLSearchParams(location.search).has("present"));
  if (location.protocol !== "file:") return;
  document.addEventListener("DOMContentLoaded", () => {
    const words =
      "Browsers run this page only from a web server. Start one in its folder with python -m http.server, " +
      "and open the address that it prints.";
    const notice = Object.assign(document.createElement("p"), { className: "pv-notice", textContent: words });
    notice.setAttribute("role", "alert");
    document.querySelector("main")?.append(notice);
  });
})();
