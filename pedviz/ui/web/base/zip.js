/** Several files as one ZIP archive, stored as they are: images do not get smaller. Source: PKWARE's APPNOTE 6.3.10. */

const UTF8_NAMES = 0x0800;
const VERSION = 20;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** @typedef {[value: number, bytes: number]} Field */

/** @param {Uint8Array} bytes */
function checksum(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ TABLE[(value ^ byte) & 0xff];
  return ~value >>> 0;
}

/**
 * Numbers of two or four bytes each, little-endian.
 * @param {Field[]} fields
 */
function packed(fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [, size]) => sum + size, 0)));
  let at = 0;
  for (const [value, size] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

/** @type {(name: Uint8Array, content: Uint8Array) => Field[]} what both headers of a file say */
function factsOf(name, content) {
  const size = content.byteLength;
  /** @type {Field[]} */
  const written = [
    [0, 2], // 1 January 1980, midnight: the same files make the same archive
    [0x21, 2],
  ];
  return [
    [VERSION, 2],
    [UTF8_NAMES, 2],
    [0, 2],
    ...written,
    [checksum(content), 4],
    [size, 4],
    [size, 4],
    [name.length, 2],
  ];
}

/**
 * @param {AsyncIterable<{name: string, blob: Blob}>|Iterable<{name: string, blob: Blob}>} files at most 4 GB of them
 * @returns {Promise<Blob>}
 */
export async function zip(files) {
  /** @type {BlobPart[]} */
  const parts = [];
  const directory = [];
  let [offset, count] = [0, 0];
  for await (const { name, blob } of files) {
    const text = new TextEncoder().encode(name);
    const facts = factsOf(text, new Uint8Array(await blob.arrayBuffer()));
    const local = packed([[LOCAL, 4], ...facts, [0, 2]]);
    /** @type {Field[]} */
    const placed = [
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [offset, 4],
    ];
    directory.push(packed([[CENTRAL, 4], [VERSION, 2], ...facts, ...placed]), text);
    parts.push(local, text, blob);
    offset += local.length + text.length + blob.size;
    count += 1;
  }
  const length = directory.reduce((sum, piece) => sum + piece.length, 0);
  const end = packed([
    [END, 4],
    [0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [length, 4],
    [offset, 4],
    [0, 2],
  ]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}
