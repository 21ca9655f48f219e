/** Questions to the server and its answers, and the components of the page that carry them. */

/**
 * @import { PhotoPayload, ResultPayload, SamplePayload, SetupPayload } from "../payloads.d.ts"
 *
 * @typedef {{sample: string|null, path?: string, name?: string}} PhotoRequest a sample, or a file on the server
 * @typedef {{photo_id: string, model_id: string, ids: number[]|null, tiles?: boolean, upload?: string}} RunRequest
 * @typedef {{ticket: number, photo?: PhotoPayload, sample?: string|null, error?: string}} PhotoAnswer
 * @typedef {{done: number, total: number|null}} Fetching weights that the server downloads, bytes
 * @typedef {{ticket: number, result?: ResultPayload, fetching?: Fetching, error?: string}} RunAnswer
 * @typedef {{samples: SamplePayload[], can_download: boolean, error?: undefined}} SamplesListing
 * @typedef {SamplesListing|{samples?: undefined, error: string}} SamplesAnswer
 * @typedef {ReturnType<typeof createChannel>} Channel
 */

/**
 * What a part of the page's document, or a component of Gradio's, is to the page.
 * @template Value
 * @typedef {Object} Part
 * @property {HTMLElement} element
 * @property {{value: Value}} props
 * @property {(name: "value", listener: () => void) => void} watch
 */

/**
 * @typedef {Record<string, {ticket: number}>} Requests the newest of each kind
 * @typedef {{element: HTMLElement, props: {value: Requests, setup: SetupPayload}, trigger: (event: string) => void}}
 *   ChannelPart
 *
 * @typedef {Object} Parts
 * @property {ChannelPart} channel
 * @property {Part<PhotoAnswer>} photo
 * @property {Part<SamplesAnswer>} samples
 * @property {Part<RunAnswer>} batch
 * @property {Part<RunAnswer>} pane_a
 * @property {Part<RunAnswer>} pane_b
 */

/**
 * Asks the server; every request gets the next ticket.
 * @param {ChannelPart} part
 */
export function createChannel({ props, trigger }) {
  let tickets = 0;
  return {
    /** The next ticket, for a photo that is here already. */
    next: () => ++tickets,
    /** @type {(event: string, key: string, request: object) => number} */
    ask(event, key, request) {
      tickets += 1;
      props.value = { ...props.value, [key]: { ...request, ticket: tickets } };
      trigger(event);
      return tickets;
    },
  };
}
