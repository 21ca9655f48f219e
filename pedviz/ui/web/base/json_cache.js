/** Data of the site, some of them asked for before the page's own code was there to ask; see preload.js. */

const answers = new Map();

/** Ask for an address below the site's root, for whoever calls `fetchOnce` later. */
export function fetchEarly(address) {
  const answer = fetch(new URL(address, document.baseURI));
  answer.catch(() => {}); // whoever asks for it says so
  answers.set(address, answer);
}

/**
 * The answer that was asked for early, or a new one: a body can be read once.
 * @returns {Promise<Response>}
 */
export function fetchOnce(address) {
  const answer = answers.get(address);
  answers.delete(address);
  return answer ?? fetch(new URL(address, document.baseURI));
}

/**
 * A function that asks for an address once and remembers what it held; what could not be fetched is asked for again.
 * @returns {function(string): Promise<Object|null>} as fetchJson
 */
export function rememberJson() {
  const held = new Map();
  return (address) => {
    const answer = held.get(address) ?? fetchJson(address);
    held.set(address, answer);
    answer.then((found) => {
      if (!found) held.delete(address);
    });
    return answer;
  };
}

/** What an address below the site's root holds as JSON; null where it cannot be fetched or read. */
export async function fetchJson(address) {
  const answer = await fetch(new URL(address, document.baseURI)).catch(() => null);
  return answer?.ok ? answer.json().catch(() => null) : null;
}
