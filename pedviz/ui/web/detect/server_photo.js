/** Which photo the server has of this visitor: it keeps one, and works on no other. */

/**
 * @import { Channel, PhotoAnswer, PhotoRequest } from "./channel.js"
 * @typedef {ReturnType<typeof createServerPhoto>} PhotoOnServer
 */

class ServerPhoto {
  /** The id of that photo, null while another is on its way. @type {string|null} */
  held = null;
  isUsed = false; // whether it was ever sent one
  /** Tickets: of the newest request that shows its photo, and of the newest answer. */
  asked = 0;
  heard = 0;
  /** @type {Map<number, (answer: PhotoAnswer|null) => void>} what to do with answers that are not shown, by ticket */
  quiet = new Map();
  /** @type {Promise<void>|null} */
  ensuring = null;
  /** @type {PromiseWithResolvers<void>} */
  arrival = Promise.withResolvers(); // of the answer to the newest request that shows its photo

  /** @param {Channel} channel */
  constructor(channel) {
    this.channel = channel;
  }

  /** Whether the visitor waits for a photo. */
  get isBusy() {
    return this.heard < this.asked;
  }

  /** @param {PhotoRequest} request */
  send(request) {
    this.held = null;
    this.isUsed = true;
    return this.channel.ask("choose", "photo", request);
  }

  /**
   * Ask for a photo that is to be shown.
   * @param {PhotoRequest} request
   */
  choose(request) {
    this.arrival.resolve(); // nobody waits for the one before
    this.arrival = Promise.withResolvers();
    this.asked = this.send(request);
    return this.asked;
  }

  /** A sample is to be shown that is a file of the site: the server takes it once it is asked about it. */
  pass() {
    this.arrival.resolve();
    this.asked = this.channel.next();
    this.heard = this.asked;
  }

  /**
   * Have the server take a photo that is not to be shown; its answer, or null where a newer request came first.
   * @param {PhotoRequest} request
   * @returns {Promise<PhotoAnswer|null>}
   */
  put(request) {
    return new Promise((resolve) => this.quiet.set(this.send(request), resolve));
  }

  /**
   * Hear an answer.
   * @param {PhotoAnswer} answer
   * @returns {boolean} whether it is to be shown
   */
  hear(answer) {
    this.heard = Math.max(this.heard, answer.ticket);
    if (answer.photo && answer.ticket === this.heard) this.held = answer.photo.id;
    const isQuiet = this.quiet.has(answer.ticket);
    for (const [ticket, resolve] of this.quiet) {
      if (ticket > answer.ticket) continue;
      this.quiet.delete(ticket);
      resolve(ticket === answer.ticket ? answer : null);
    }
    if (answer.ticket === this.asked) this.arrival.resolve();
    return !isQuiet;
  }

  /**
   * Resolves once the server has a photo; `request()` gives what to send for it otherwise.
   * @type {(id: string, request: () => Promise<PhotoRequest>) => Promise<void>}
   */
  ensure(id, request) {
    this.ensuring ??= this.sendAgain(id, request).finally(() => {
      this.ensuring = null;
    });
    return this.ensuring;
  }

  /** @type {(id: string, request: () => Promise<PhotoRequest>) => Promise<void>} */
  async sendAgain(id, request) {
    await this.arrival.promise;
    if (this.held === id) return;
    try {
      await this.put(await request());
    } catch {
      // The file could not be sent; the server says so when it is asked about the photo.
    }
  }
}

/** @param {Channel} channel */
export const createServerPhoto = (channel) => new ServerPhoto(channel);
