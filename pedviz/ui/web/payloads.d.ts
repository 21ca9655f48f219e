// Written by python -m pedviz.ui.payload_types from the types there; do not edit.

/** All candidates of one detection.
 *
 * image_size [height, width]; count N; boxes (N, 4) and scores (N,) float32; map_rows (N,) int32; maps
 * (M, 28, 28) uint8; arrays in base64. */
export interface Packed {
  image_size: number[];
  count: number;
  boxes: string;
  scores: string;
  map_rows: string;
  maps: string;
}

/** The score from which detections are kept, thresholds at first, and how far they go; in [0, 1]. */
export interface Thresholds {
  floor: number;
  score: number;
  nms: number;
  mask: number;
  iou: number;
  low: number;
  high: number;
}

/** Ground truth: boxes [x1, y1, x2, y2] in pixels of the photo. */
export interface TruthPayload {
  boxes: number[][];
}

/** A photo as the page shows it; width and height in pixels of what detectors see. */
export interface PhotoPayload {
  id: string;
  url: string;
  width: number;
  height: number;
  original_width: number;
  original_height: number;
  name: string;
  notice: string | null;
  ground_truth: TruthPayload | null;
}

/** What is told of a variant below its pane; null where something is not known. */
export interface ModelPayload {
  id: string;
  label: string;
  summary: string;
  parameters: number;
  checkpoint_bytes: number | null;
  min_size: number;
  max_size: number;
  masks: boolean;
  box_ap: number | null;
  mask_ap: number | null;
  note: string;
}

/** Seconds that a detection took. */
export interface TimingsPayload {
  prepare: number;
  network: number;
  finish: number;
}

/** All candidates of one detection, with what made them. */
export interface ResultPayload {
  image_size: number[];
  count: number;
  boxes: string;
  scores: string;
  map_rows: string;
  maps: string;
  photo_id: string;
  model_id: string;
  timings: TimingsPayload;
  cached: boolean;
  tiles: boolean;
  model: ModelPayload;
}

/** Why a variant cannot run here: a few words, a sentence, and what to type. */
export interface MissingPayload {
  short: string;
  sentence: string;
  command: string | null;
}

/** A variant for the choosers; missing is null where its weights are here. */
export interface ChoicePayload {
  id: string;
  label: string;
  summary: string;
  missing: MissingPayload | null;
}

/** A sample image in the gallery; thumbnail is an address below the site's root. */
export interface SamplePayload {
  id: string;
  title: string;
  alt: string;
  credit: string;
  licence: string;
  thumbnail: string;
}

/** What the Detect page knows before anything is chosen. */
export interface SetupPayload {
  models: ChoicePayload[];
  default_models: string[];
  default_sample: string;
  stored: Record<string, string[]>;
  stage_ratio: number;
  palette: Record<string, any>;
  thresholds: Thresholds;
  max_bytes: number;
  max_side: number;
  kept_minutes: number;
  upload_url: string | null;
  on_cluster: boolean;
}

/** One channel of a feature map in 8 bits, with the values that 0 and 255 stand for. */
export interface ChannelPayload {
  channel: number;
  low: number;
  high: number;
  pixels: string;
}

/** One level of the pyramid; its anchors stand on `grid` [rows, columns] with `sides` in pixels. */
export interface LevelPayload {
  stride: number;
  rows: number;
  columns: number;
  channels: number;
  grid: number[];
  sides: number[];
  shown: ChannelPayload[];
}

/** Proposals, best first: boxes (count, 4) and scores (count,) float32 in base64. */
export interface ProposalsPayload {
  count: number;
  boxes: string;
  scores: string;
}

/** One image's way through a detector: sizes are [height, width] in pixels, levels finest first.
 *
 * scale, the factor from the photo to `resized`; kept, what stays at the default suppression; shown, what
 * the Detect page shows at its defaults. */
export interface TracePayload {
  photo: PhotoPayload;
  sample: string | null;
  scale: number;
  resized: number[];
  padded: number[];
  ratios: number[];
  levels: LevelPayload[];
  proposals: ProposalsPayload;
  detections: ResultPayload;
  kept: number[];
  shown: number[];
  thresholds: Thresholds;
}
