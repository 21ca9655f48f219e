/** Sample photos and what released variants find in them: files of the site, so nobody waits in a queue for them. */

import { rememberJson } from "../base/json_cache.js";

/** @import { PhotoPayload, ResultPayload } from "../payloads.d.ts" */

/** @type {(address: string) => Promise<PhotoPayload|null>} */
const readPhoto = rememberJson();
/** @type {(address: string) => Promise<ResultPayload|null>} */
const readResult = rememberJson();

/**
 * @param {Record<string, string[]>} pairs the variants whose results are stored, for every sample photo
 * @returns {{photo: (sample: string) => Promise<PhotoPayload|null>|null,
 *   result: (sample: string|null, model: string) => Promise<ResultPayload|null>|null}} each gives a promise of a
 *   payload as the server makes it, which may be null, or null at once where nothing is stored
 */
export function createStored(pairs) {
  return {
    photo(sample) {
      if (!pairs[sample]) return null;
      const found = readPhoto(`samples/${sample}.json`);
      return found.then((photo) => photo && { ...photo, url: new URL(photo.url, document.baseURI).href });
    },
    result: (sample, model) =>
      sample && pairs[sample]?.includes(model) ? readResult(`samples/${sample}/${model}.json`) : null,
  };
}
