/** Sample photos and what released variants find in them: files of the site, so nobody waits in a queue for them. */

import { rememberJson } from "../base/json_cache.js";

const read = rememberJson();

/**
 * @param {Object<string, string[]>} pairs the variants whose results are stored, for every sample photo
 * @returns {{photo: (sample: string) => Promise<any>|null,
 *   result: (sample: string|null, model: string) => Promise<any>|null}} each gives a promise of a payload as the
 *   server makes it, which may be null, or null at once where nothing is stored
 */
export function createStored(pairs) {
  return {
    photo(sample) {
      if (!pairs[sample]) return null;
      const withAddress = (photo) => photo && { ...photo, url: new URL(photo.url, document.baseURI).href };
      return read(`samples/${sample}.json`).then(withAddress);
    },
    result: (sample, model) =>
      sample && pairs[sample]?.includes(model) ? read(`samples/${sample}/${model}.json`) : null,
  };
}
