/** Where Gradio hands a lesson's component over: loads the stylesheets and the page module, and starts it. */

const STYLESHEETS = ["lesson.css", "../photo/style.css", "print.css"];

function loadStylesheet(name) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL(name, import.meta.url).href;
  return new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => reject(new Error(`${name} could not be loaded`)));
    document.head.append(link);
  });
}

/**
 * Show a lesson.
 * @param {HTMLElement} element what the lesson fills
 * @param {Object} data Lesson.page_data() of pedviz/lessons/lesson.py, and `course`: {title, path} of every lesson
 */
export async function showLesson(element, data) {
  const [page] = await Promise.all([import(`../${data.module}`), ...STYLESHEETS.map(loadStylesheet)]);
  page.mount(element, data);
}

/** Called by the component of a lesson, and by that of the index, which only needs the stylesheets. */
export function mount(_, { element, props }) {
  return props.lesson
    ? showLesson(element.querySelector("main"), props.lesson)
    : Promise.all(STYLESHEETS.map(loadStylesheet));
}
