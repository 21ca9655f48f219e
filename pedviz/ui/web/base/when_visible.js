/** What is worth fetching only for those who get there. */

const SOON = "600px"; // below the window

/**
 * Call `act` once, when the element is nearly in view.
 * @param {Element} element
 * @param {() => void} act
 */
export function onceNear(element, act) {
  const watcher = new IntersectionObserver(
    ([entry]) => {
      if (!entry.isIntersecting) return;
      watcher.disconnect();
      act();
    },
    { rootMargin: SOON },
  );
  watcher.observe(element);
}
