/** Data of the site, fetched as JSON. */

/**
 * A function that asks for an address once and remembers what it held; what could not be fetched is asked for again.
 * @template Data
 * @returns {(address: string) => Promise<Data|null>} as fetchJson
 */
export function rememberJson() {
  /** @type {Map<string, Promise<Data|null>>} */
  const held = new Map();
  return (address) => {
    /** @type {Promise<Data|null>} */
    const answer = held.get(address) ?? fetchJson(address);
    held.set(address, answer);
    answer.then((found) => {
      if (!found) held.delete(address);
    });
    return answer;
  };
}

/**
 * What an address below the site's root holds as JSON; null where it cannot be fetched or read.
 * @template Data of the type that the taker declares: a stored file has the shape that its builder gave it
 * @param {string} address
 * @returns {Promise<Data|null>}
 */
export async function fetchJson(address) {
  const answer = await fetch(new URL(address, document.baseURI)).catch(() => null);
  return answer?.ok ? answer.json().catch(() => null) : null;
}
