/** Data of the site, fetched as JSON. */

/**
 * A function that asks for an address once and remembers what it held; what could not be fetched is asked for again.
 * @returns {(a: string) => Promise<Object|null>} as fetchJson
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
