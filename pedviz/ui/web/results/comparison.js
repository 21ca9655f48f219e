/** One comparison on the server: its files are sent, it is started, asked how far it is, and dropped. */

import { pause } from "../base/pause.js";

const ASK_EVERY = 500; // milliseconds
const SLOT_NAMES = { truth: "the ground truth", a: "results A", b: "results B" };

/**
 * @typedef {import("../payloads.d.ts").ComparisonPayload} ComparisonPayload
 * @typedef {keyof typeof SLOT_NAMES} Slot
 * @typedef {{stage: string, share: number|null}} State what is being done, and how much of it is done, in [0, 1]
 */

/**
 * What the server answers as JSON.
 * @template Answer of the type that the caller declares, which is that of pedviz/ui/comparison_jobs.py
 * @param {string} address
 * @param {RequestInit} [options]
 * @returns {Promise<Answer>}
 */
async function ask(address, options) {
  const answer = await fetch(address, options).catch(() => null);
  if (!answer) throw new Error("The server could not be reached; check the connection and try again.");
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

/**
 * Send one file; only XMLHttpRequest tells how much has left.
 * @param {string} address
 * @param {File} file
 * @param {(share: number) => void} progress
 * @returns {Promise<void>}
 */
function put(address, file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", address);
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(total ? loaded / total : 1));
    request.addEventListener("load", () =>
      request.status < 300 ? resolve() : reject(new Error(request.responseText || "The file was refused.")),
    );
    request.addEventListener("error", () => reject(new Error("The file could not be sent; try again.")));
    request.send(file);
  });
}

export class Comparison {
  /** @param {string|null} token of one that exists already */
  constructor(token = null) {
    this.token = token;
    this.dropped = false;
  }

  /** The address of a part of it, relative to the page. */
  address(part = "") {
    return `comparisons/${this.token}${part && `/${part}`}`;
  }

  /**
   * Send the files and start.
   * @param {Map<Slot, File>} files
   * @param {{category: string, progress: (state: State) => void}} options
   */
  async send(files, { category, progress }) {
    /** @type {{token: string}} */
    const { token } = await ask("comparisons", { method: "POST" });
    this.token = token;
    for (const [slot, file] of files) {
      const stage = `Sending ${SLOT_NAMES[slot]}`;
      await put(this.address(slot), file, (share) => progress({ stage, share }));
    }
    const names = Object.fromEntries([...files].map(([slot, { name }]) => [slot, name]));
    await ask(this.address(), { method: "POST", body: JSON.stringify({ names, category }) });
  }

  /**
   * What was found, once it is; `progress` is told what is being done until then.
   * @param {(state: State) => void} progress
   * @returns {Promise<ComparisonPayload>}
   */
  async wait(progress) {
    for (;;) {
      /** @type {State & {problem?: string, done?: boolean}} */
      const state = await ask(this.address());
      if (state.problem) throw new Error(state.problem);
      if (state.done) return ask(this.address("report.json"));
      progress(state);
      await pause(ASK_EVERY);
      if (this.dropped) throw new Error("Cancelled.");
    }
  }

  /** Stop it and remove everything. */
  async drop() {
    this.dropped = true;
    if (this.token) await fetch(this.address(), { method: "DELETE", keepalive: true }).catch(() => null);
  }
}
