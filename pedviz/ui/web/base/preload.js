/**
 * Asks for what the page will need while Gradio still starts: otherwise modules and data would be asked for only once
 * its components are mounted. The page's own code imports and fetches as ever, and finds all of it there.
 */

import { fetchEarly } from "./json_cache.js";

const LESSON = /^lesson-([a-z]+)$/;
const PAGES = {
  "": { modules: ["detect/page.js"] },
  dashboard: { modules: ["dashboard/entry.js"], data: ["dashboard.json"] },
  about: { modules: ["about/page.js"], data: ["about.json"] },
  lessons: { modules: ["lessons/kit/entry.js"] },
};

function needsOf(name) {
  const [, slug] = LESSON.exec(name) ?? [];
  return slug ? { modules: ["lessons/kit/entry.js", `lessons/${slug}/page.js`] } : PAGES[name];
}

const { modules = [], data = [] } = needsOf(location.pathname.split("/").at(-1)) ?? {};
data.forEach(fetchEarly);
for (const module of modules) import(`../${module}`).catch(() => {}); // whoever needs it says so
