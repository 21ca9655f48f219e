/** A folder of the visitor's images: which file is meant by a name, and small copies that leave no large one behind. */

/** @typedef {(name: string) => File|null} Finder */

const WIDEST = 800; // pixels of a small copy
const QUALITY = 0.85;

/** The parts of a path in one form for names that look the same. */
const partsOf = (/** @type {string} */ path) => path.normalize("NFC").replaceAll("\\", "/").split("/");

/** @type {(first: string[], second: string[]) => number} how many parts two paths share, counted from their ends */
function sharedParts(first, second) {
  const differ = first.toReversed().findIndex((part, place) => part !== second.at(-1 - place));
  return differ < 0 ? first.length : differ;
}

/**
 * @param {File[]} files of a folder and those below it
 * @returns {Finder} the file whose path ends most like a name, which may have folders of its own
 *   before it; null where there is none, or more than one that fits as well
 */
export function createFinder(files) {
  /** @type {Map<string|undefined, {file: File, parts: string[]}[]>} */
  const byName = new Map();
  for (const file of files) {
    const parts = partsOf(file.webkitRelativePath || file.name);
    const same = byName.get(parts.at(-1));
    if (same) same.push({ file, parts });
    else byName.set(parts.at(-1), [{ file, parts }]);
  }
  return (name) => {
    const wanted = partsOf(name);
    const fits = (byName.get(wanted.at(-1)) ?? []).map((one) => ({ ...one, fit: sharedParts(wanted, one.parts) }));
    const best = Math.max(0, ...fits.map(({ fit }) => fit));
    const found = fits.filter(({ fit }) => fit === best);
    return found.length === 1 ? found[0].file : null;
  };
}

/** @type {Promise<string|null>} of the copy that was asked for last */
let last = Promise.resolve(null);

/**
 * A small copy of an image, one at a time: decoded, twelve large ones would fill a gigabyte.
 * @param {File} file
 * @param {{width: number|null, isWanted: () => boolean}} options its own width where that is known; whether it is
 *   still wanted once its turn has come
 * @returns {Promise<string|null>} its address; null where it is no longer wanted, or not an image
 */
export function smallCopy(file, { width, isWanted }) {
  const copy = async () => {
    if (!isWanted()) return null;
    const bitmap = await createImageBitmap(file, { resizeWidth: Math.min(WIDEST, width ?? WIDEST) });
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(bitmap);
    return canvas.toDataURL("image/jpeg", QUALITY);
  };
  last = last.then(copy).catch(() => null);
  return last;
}
