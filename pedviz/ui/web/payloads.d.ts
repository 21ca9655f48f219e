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

/** One level of the pyramid without its maps; its anchors stand on `grid` [rows, columns]. */
export interface PackedLevel {
  stride: number;
  rows: number;
  columns: number;
  channels: number;
  grid: number[];
  shown: ChannelPayload[];
}

/** Proposals, best first: boxes (count, 4) and scores (count,) float32 in base64. */
export interface ProposalsPayload {
  count: number;
  boxes: string;
  scores: string;
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

/** Colours of people in order, lines by role, and drawing styles by id. */
export interface Palette {
  people: PersonColour[];
  roles: Record<"a" | "b" | "both" | "truth", RoleStyle>;
  styles: Record<string, StyleData>;
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
  palette: Palette;
  thresholds: Thresholds;
  max_bytes: number;
  max_side: number;
  kept_minutes: number;
  upload_url: string | null;
  live_url: string | null;
  on_cluster: boolean;
}

/** The shown channels of one level (channels, rows, columns) in 8 bits and base64. */
export interface MapsPayload {
  pixels: string;
}

/** One level of the pyramid: the sides of its anchors in pixels, and its maps.
 *
 * maps: null where they are a file of their own, so that only those who look at them fetch them. */
export interface LevelPayload {
  stride: number;
  rows: number;
  columns: number;
  channels: number;
  grid: number[];
  shown: ChannelPayload[];
  sides: number[];
  maps: MapsPayload | null;
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

/** One channel of a feature map, with the values that 0 and 255 of its pixels stand for. */
export interface ChannelPayload {
  channel: number;
  low: number;
  high: number;
}

/** What only the network knows of one image's way through a detector; sizes are [height, width].
 *
 * pixels: of each level, finest first, the shown channels (channels, rows, columns) in 8 bits and base64. */
export interface PackedPass {
  resized: number[];
  padded: number[];
  levels: PackedLevel[];
  pixels: string[];
  proposals: ProposalsPayload;
  detections: Packed;
}

/** A number with its 95 % interval over images; low and high are null without resampling. */
export interface Estimate {
  value: number;
  low: number | null;
  high: number | null;
}

/** A category with its numbers; null where it has no objects of that size. */
export interface CategoryRow {
  name: string;
  objects: number;
  detections: number;
  numbers: Record<string, number | null>;
  ap: Estimate | null;
}

/** What a score threshold reaches at IoU .5. */
export interface OperatingPoint {
  score: number;
  f1: number;
  precision: number;
  recall: number;
}

/** Precision, recall and F1 above each score, and where F1 is best. */
export interface ThresholdCurve {
  score: number[];
  precision: number[];
  recall: number[];
  f1: number[];
  best: OperatingPoint;
}

/** True and false positives of each bin of scores; one edge more than bins. */
export interface ScoreHistogram {
  edges: number[];
  right: number[];
  wrong: number[];
}

/** Bins with as many detections each: mean score, fraction correct with its interval; ece of all.
 *
 * Of a bin without detections all four are null. */
export interface Calibration {
  score: (number | null)[];
  fraction: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  right: number[];
  wrong: number[];
  ece: number;
}

/** AP and precision at 101 recalls for each IoU threshold; the rest at IoU .5. */
export interface Curves {
  iou: number[];
  precision: number[][];
  ap: number[];
  thresholds: ThresholdCurve | null;
  histogram: ScoreHistogram | null;
  calibration: Calibration | null;
}

/** An error type: how often, AP50 gained if fixed, and the images with most of them. */
export interface ErrorCount {
  key: string;
  label: string;
  meaning: string;
  needs_categories: boolean;
  count: number;
  gain: number;
  images: Record<string, number>;
}

/** AP50 and the error types by key. */
export interface Errors {
  ap: number;
  types: Record<string, ErrorCount>;
}

/** What is shown of one detector, in boxes or in masks; curves are null where there is nothing to find. */
export interface Analysis {
  detections: number;
  objects: number;
  numbers: Record<string, Estimate | null>;
  categories: CategoryRow[];
  curves: Curves | null;
  errors: Errors;
}

/** A number of the second less that of the first, with its interval and a sentence. */
export interface Difference {
  value: number;
  low: number;
  high: number;
  sentence: string;
}

/** An object of the ground truth, and whether each detector found it. */
export interface ShownObject {
  box: number[];
  name: string;
  found: boolean[];
}

/** A detection above its detector's best threshold, and whether it is right. */
export interface ShownDetection {
  box: number[];
  score: number;
  name: string;
  right: boolean;
}

/** An image: size [width, height], its objects, and the detections of each detector. */
export interface DescribedImage {
  image: string;
  size: number[] | null;
  objects: ShownObject[];
  detections: ShownDetection[][];
}

/** How many objects one detector alone found, and how many detections of each are wrong. */
export interface DifferingImage {
  image: string;
  size: number[] | null;
  objects: ShownObject[];
  detections: ShownDetection[][];
  only_first: number;
  only_second: number;
  first_wrong: number;
  second_wrong: number;
}

/** The thresholds of both detectors, and the images in which they differ most of all `differing`. */
export interface Differing {
  scores: (number | null)[];
  images: DifferingImage[];
  differing: number;
}

/** Boxes or masks: an analysis of each detector; of two also how they differ. */
export interface KindComparison {
  runs: Analysis[];
  difference: Record<string, Difference | null> | null;
  disagreement: Differing | null;
}

/** The ground truth in counts, with what was noticed when it was read. */
export interface TruthSummary {
  file: string;
  images: number;
  objects: number;
  crowds: number;
  categories: number;
  notices: string[];
}

/** One detector's results in counts, with what was noticed when they were read. */
export interface RunSummary {
  name: string;
  file: string;
  detections: number;
  notices: string[];
}

/** Resamples and their seed, the one category or null, and by what sizes are told apart. */
export interface ComparisonSettings {
  draws: number;
  seed: number;
  category: string | null;
  size_by: string;
}

/** All that was found about one or two detectors, by kind "bbox" and "segm"; what report.json holds. */
export interface ComparisonData {
  schema: number;
  truth: TruthSummary;
  runs: RunSummary[];
  settings: ComparisonSettings;
  by_kind: Record<string, KindComparison>;
}

/** A colour on light and on dark paper; dash, lengths in line widths; marker, a shape. */
export interface VariantStyle {
  light: string;
  dark: string;
  dash: number[];
  marker: string;
}

/** Styles that stay apart from each other, in order, and grey for what lies behind. */
export interface Inks {
  series: VariantStyle[];
  neutral: VariantStyle;
}

/** What was found about one or two detectors, with what its charts are drawn in. */
export interface ComparisonPayload {
  schema: number;
  truth: TruthSummary;
  runs: RunSummary[];
  settings: ComparisonSettings;
  by_kind: Record<string, KindComparison>;
  inks: Inks;
}

/** A colour, and black or white for text upon it. */
export interface PersonColour {
  colour: string;
  text: string;
}

/** How the boxes of one role are drawn; dash, lengths of dash and gap in line widths. */
export interface RoleStyle {
  colour: string;
  text: string;
  dash: number[];
}

/** The fields of a `DrawingStyle`. */
export interface StyleData {
  id: string;
  mask: string | null;
  box: string | null;
  text: string | null;
  sure_text: string | null;
  sure_score: number;
  numbered: boolean;
  prefix: string;
  decimals: number;
  inset_px: number | null;
  stretched: boolean;
  mask_threshold: number;
  opacity: number;
}

/** Mean AP over seeds, the least and the most. */
export interface Spread {
  mean: number;
  low: number;
  high: number;
  seeds: number;
}

/** A run with one setting changed from that of the base. */
export interface Trial {
  factor: string;
  value: string;
  seed: number | null;
  base: string;
  ap: Record<"bbox" | "segm", number | null>;
}

/** What all trials share; the shorter side in pixels to the necks that were tested at it. */
export interface TrialsInCommon {
  label: string;
  images: number;
  people: number;
  tested_at: Record<string, string[]>;
  recipe: Record<string, any>;
}

/** A variant with a feature pyramid. */
export interface PyramidNumbers {
  label: string;
  parameters: number;
  ap: Record<"bbox" | "segm", number | null>;
}

/** The two pyramids beside each other. */
export interface Headline {
  small: PyramidNumbers;
  large: PyramidNumbers;
}

/** One setting changed at a time; null where nothing was measured. */
export interface AblationsData {
  base: Record<"bbox" | "segm", Spread | null>;
  trials: Trial[];
  common: TrialsInCommon | null;
  headline: Headline | null;
}

/** An epoch: mean losses by their names, and AP where it was measured. */
export interface Epoch {
  epoch: number;
  lr: number;
  losses: Record<string, number>;
  ap: Record<string, number | null> | null;
}

/** The last run of a released variant; averaged, its share where an average with its start is released. */
export interface TrainingRun {
  spec_id: string;
  epochs: Epoch[];
  averaged: number | null;
}

/** How the released weights learned. */
export interface TrainingData {
  runs: TrainingRun[];
}

/** A number of a report against one setting, [setting, value] each; first, the value of its base. */
export interface ReportAblation {
  report: string;
  label: string;
  number: string;
  step: number;
  caveats: string[];
  first: number;
  points: ([number, number])[];
}

/** Losses that a report prints for one point of a training. */
export interface ReportLosses {
  report: string;
  label: string;
  epoch: number | null;
  iteration: number | string | null;
  total: number | null;
  classifier: number | null;
  box: number | null;
  mask: number | null;
  objectness: number | null;
  rpn_box: number | null;
  caveats: string[];
}

/** The scores of the same people under one setting. */
export interface ScoresRow {
  setting: string;
  scores: number[];
  caveats: string[];
}

/** Scores that a report prints for an image, by setting. */
export interface ScoresTable {
  report: string;
  image: string;
  rows: ScoresRow[];
  caveats: string[];
}

/** What a report says and what is the case. */
export interface ReportCorrection {
  report: string;
  says: string;
  but: string;
}

/** What the course reports print, and the sentence of every caveat. */
export interface ReportsData {
  ablations: ReportAblation[];
  person_scores: ScoresTable;
  losses: ReportLosses[];
  corrections: ReportCorrection[];
  caveats: Record<string, string>;
}

/** A variant to use: for what, its number, and why. */
export interface VerdictCard {
  title: string;
  spec_id: string;
  value: string;
  because: string;
}

/** Which variant to use, and what the rows cannot tell. */
export interface VerdictsData {
  cards: VerdictCard[];
  caveats: string[];
}

/** A column of the results tables. */
export interface ColumnData {
  key: string;
  label: string;
  group: "bbox" | "segm" | "cost";
  unit: string;
  better: "higher" | "lower";
  tooltip: string;
}

/** A number in full, null where there is none, and as it is shown. */
export interface CellData {
  value: number | null;
  text: string;
}

/** A run, measured or reported: cells by the columns' keys; rows of one split compare. */
export interface RowData {
  id: string;
  source: "measured" | "reported";
  what: "shipped" | "float32" | "earlier" | "experiment" | "reported";
  spec_id: string;
  label: string;
  detail: string;
  split: string;
  cells: Record<string, CellData>;
  intervals: Record<"bbox" | "segm", number[] | null>;
  images: number | null;
  people: number | null;
  caveats: string[];
  provenance: Record<string, any>;
}

/** The results tables. */
export interface TablesData {
  columns: ColumnData[];
  rows: RowData[];
}

/** A kind of photo in the table of other people. */
export interface PhotoKind {
  name: string;
  images: number;
  people: number;
}

/** Box AP at IoU 0.5 and COCO's AP. */
export interface PeopleNumbers {
  ap50: Estimate;
  ap: Estimate;
}

/** A variant on photos of other people, by the name of each kind. */
export interface OthersRow {
  spec_id: string;
  kinds: Record<string, PeopleNumbers>;
}

/** The second measured table, and the variants that it lacks. */
export interface OthersData {
  kinds: PhotoKind[];
  rows: OthersRow[];
  missing: string[];
}

/** What is shown of each variant's stored predictions, by spec id and by kind. */
export interface AnalysesData {
  variants: Record<string, Record<string, Analysis>>;
}

/** What a variant costs on its machine and what it reaches; null where it was not measured.
 *
 * parameters in millions; milliseconds and gmacs (billions of multiply-adds) of the run that timed the
 * components. */
export interface CostPoint {
  spec_id: string;
  seconds: number;
  megabytes: number;
  parameters: number;
  milliseconds: number | null;
  gmacs: number | null;
  ap: Record<"bbox" | "segm", number | null>;
  intervals: Record<"bbox" | "segm", number[] | null>;
  cpu: string | number | number | null;
  threads: string | number | number | null;
}

/** The layer with most parameters. */
export interface LargestLayer {
  part: string;
  name: string;
  parameters: number;
}

/** What each component of a variant takes, by measure and by component. */
export interface CostParts {
  spec_id: string;
  amounts: Record<string, Record<string, number>>;
  largest: LargestLayer;
}

/** How many images the components were timed on, and on which processor. */
export interface TimedComponents {
  images: number;
  cpu: string;
}

/** What the variants cost. */
export interface CostData {
  measured: CostPoint[];
  parts: CostParts[];
  components: TimedComponents | null;
}

/** A variant with its looks; predictions, the name of those stored of its released weights. */
export interface VariantData {
  id: string;
  label: string;
  style: VariantStyle;
  predictions: string | null;
}

/** variants.json; test_images, whether the data set's images can be opened, is known when it is sent. */
export interface VariantsPayload {
  variants: VariantData[];
  inks: Inks;
  thresholds: Thresholds;
  test_images?: boolean;
}

/** The data of each section that could be built; reports are null where they cannot be read. */
export interface DashboardSections {
  verdicts?: VerdictsData;
  tables?: TablesData;
  others?: OthersData;
  analyses?: AnalysesData;
  cost?: CostData;
  ablations?: AblationsData;
  training?: TrainingData;
  reports?: ReportsData | null;
}

/** dashboard.json; a sentence for everything that is wrong. */
export interface DashboardPayload {
  variants: VariantData[];
  inks: Inks;
  thresholds: Thresholds;
  test_images?: boolean;
  problems: string[];
  sections: DashboardSections;
}

/** The numbers of boxes or of masks as text, with the 95 % interval of the first. */
export interface MeasuredRow {
  label: string;
  values: string[];
  interval: string[] | null;
}

/** A column of the numbers and what it means. */
export interface NumberColumn {
  label: string;
  meaning: string;
}

/** The evaluation of a weight file and how it was made. */
export interface CardMeasured {
  rows: MeasuredRow[];
  columns: NumberColumn[];
  images: number;
  people: number;
  split: string;
  seconds_per_image: number;
  hardware: string;
  versions: string;
  settings: string;
  at: string;
}

/** How many people of a size class are found. */
export interface SizeFound {
  size: string;
  found: number;
  people: number;
}

/** Who is missed by size, and how many of the shown detections are wrong, at two thresholds in [0, 1]. */
export interface Failures {
  score: number;
  iou: number;
  sizes: SizeFound[];
  shown: number;
  wrong: number;
}

/** What to type, and for what. */
export interface Command {
  purpose: string;
  command: string;
}

/** A model card; before_compacting, AP as text by "Boxes" and "Masks". Null where nothing is stored. */
export interface Card {
  id: string;
  label: string;
  summary: string;
  parameters: number | null;
  file: string;
  bytes: number;
  sha256: string;
  run_id: string;
  start: string;
  data: string;
  licence: string;
  note: string;
  recipe: string[];
  settings: Record<string, string>;
  measured: CardMeasured | null;
  before_compacting: Record<string, string> | null;
  failures: Failures | null;
  commands: Command[];
}

/** A section of the page's text, in Markdown. */
export interface ProseSection {
  title: string;
  text: string;
}

/** A reference; address is "" for a book. */
export interface Work {
  authors: string[];
  title: string;
  venue: string;
  year: number;
  address: string;
  used_for: string;
  bibtex: string;
}

/** Both licences, in Markdown. */
export interface Licences {
  code: string;
  weights: string;
}

/** about.json; a sentence for each file that is wrong. */
export interface AboutPayload {
  cards: Card[];
  sections: Record<string, ProseSection>;
  references: Work[];
  licences: Licences;
  problems: string[];
}

/** A state worth looking at; group "" stands at the top of the page. */
export interface PresetData {
  key: string;
  label: string;
  note: string;
  state: Record<string, any>;
  group: string;
}

/** What a report says of the subject, and whether it holds; at, the key of a section. */
export interface ClaimData {
  source: string;
  says: string;
  verdict: "right" | "incomplete" | "wrong";
  answer: string;
  state: Record<string, any> | null;
  at: string;
}

/** A section of the prose, in Markdown. */
export interface LessonSection {
  key: string;
  title: string;
  text: string;
}

/** An exercise for the worksheet. */
export interface ExerciseData {
  asks: string;
  answer: string;
}

/** A step of a talk: its sentence, where it points, and which of the main figures it shows, from 1. */
export interface StepData {
  says: string;
  at: string;
  state: Record<string, any>;
  spot: string[];
  picture: number;
  formula: boolean;
}

/** A lesson; core, the keys of the sections that are not folded. */
export interface LessonData {
  slug: string;
  number: number;
  title: string;
  question: string;
  scope: string;
  module: string;
  settings: any[];
  presets: PresetData[];
  claims: ClaimData[];
  prose: LessonSection[];
  exercises: ExerciseData[];
  talk: StepData[];
  core: string[];
  data: any;
}

/** A lesson of the course and its address. */
export interface CourseEntry {
  title: string;
  path: string;
}

/** A lesson among all of them, in their order. */
export interface LessonPayload {
  slug: string;
  number: number;
  title: string;
  question: string;
  scope: string;
  module: string;
  settings: any[];
  presets: PresetData[];
  claims: ClaimData[];
  prose: LessonSection[];
  exercises: ExerciseData[];
  talk: StepData[];
  core: string[];
  data: any;
  course: CourseEntry[];
}
