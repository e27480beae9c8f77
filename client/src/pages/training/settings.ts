/** What the form holds, as typed, and what is sent of it. */

import type {
  ClustererKind,
  DataKind,
  EmbedderKind,
  Precision,
  RareLabels,
  Strands,
  TrainingSpecInput,
} from "../../gql/graphql";

/** Numbers as they were typed, shares in percent. */
export interface Settings {
  embedder: EmbedderKind;
  precision: Precision;
  dimensions: string;
  k: string;
  strands: Strands;
  pieces: string;
  clusterer: ClustererKind;
  resolution: string;
  clusters: string;
  minClusterSize: string;
  c: string;
  words: Words;
  abstainBelow: string;
  maxRisk: string;
  coverage: string;
  outShare: string;
  testShare: string;
  useGiven: "YES" | "NO";
  rare: RareLabels;
  minRows: string;
  maxRows: string;
  seed: string;
}

type Words = "AUTO" | "YES" | "NO";
export type Problems = Partial<Record<keyof Settings | "modelName", string>>;

const SENTENCE_MODEL = "all-MiniLM-L6-v2";
const SPARSE = { AUTO: null, YES: true, NO: false } as const;

/** A start that needs no change: the most accurate way, and a promise that most data can bear. */
export function startFor(kind: DataKind): Settings {
  return {
    embedder: kind === "SEQUENCE" ? "KMER" : "SENTENCE_TRANSFORMER",
    precision: "FAST",
    dimensions: "256",
    k: "6",
    strands: "BOTH",
    pieces: "",
    clusterer: "LEIDEN",
    resolution: "4",
    clusters: "",
    minClusterSize: "15",
    c: "",
    words: "AUTO",
    abstainBelow: "0",
    maxRisk: "2",
    coverage: "95",
    outShare: "1",
    testShare: "20",
    useGiven: "YES",
    rare: "KEEP",
    minRows: "2",
    maxRows: "",
    seed: "0",
  };
}

interface Bounds {
  low: number;
  high: number;
  isWhole?: true;
  /** Whether it may be left empty. */
  isOptional?: true;
}

/** As the schema says them; shares in percent. */
const BOUNDS: Partial<Record<keyof Settings, Bounds>> = {
  dimensions: { low: 2, high: 4_096, isWhole: true },
  k: { low: 3, high: 8, isWhole: true },
  pieces: { low: 30, high: 100_000, isWhole: true, isOptional: true },
  resolution: { low: 0.01, high: 1_000 },
  clusters: { low: 2, high: 10_000, isWhole: true, isOptional: true },
  minClusterSize: { low: 2, high: 1_000_000, isWhole: true },
  c: { low: 0.0001, high: 10_000, isOptional: true },
  abstainBelow: { low: 0, high: 100 },
  maxRisk: { low: 0.01, high: 99, isOptional: true },
  coverage: { low: 50, high: 99.9 },
  outShare: { low: 0, high: 50 },
  testShare: { low: 1, high: 90 },
  minRows: { low: 2, high: 1_000_000, isWhole: true },
  maxRows: { low: 10, high: 1_000_000_000, isWhole: true, isOptional: true },
  seed: { low: 0, high: 2_147_483_647, isWhole: true },
};

/** What is wrong before anybody is asked. */
export function problemsOf(settings: Settings): Problems {
  const found: Problems = {};
  for (const name of Object.keys(BOUNDS) as (keyof Settings)[]) {
    const bounds = BOUNDS[name];
    const problem = bounds && against(settings[name], bounds);
    if (problem) found[name] = problem;
  }
  return found;
}

function against(text: string, { low, high, isWhole, isOptional }: Bounds): string | undefined {
  if (text.trim() === "") return isOptional ? undefined : "Type a number.";
  const value = Number(text);
  if (Number.isNaN(value)) return "This is not a number.";
  if (isWhole && !Number.isInteger(value)) return "Type a whole number.";
  if (value < low || value > high) return `Between ${low} and ${high.toLocaleString("en")}.`;
  return undefined;
}

const orNull = (text: string): number | null => (text.trim() === "" ? null : Number(text));

/** Percent typed, share sent: 2.5 is 0.025 and not 0.025000000000000001. */
const share = (percent: number): number => Number((percent / 100).toPrecision(12));

/** Of settings without problems. */
export function specOf(settings: Settings): TrainingSpecInput {
  const maxRisk = orNull(settings.maxRisk);
  return {
    embedder: {
      kind: settings.embedder,
      model: SENTENCE_MODEL,
      precision: settings.precision,
      dimensions: Number(settings.dimensions),
      k: Number(settings.k),
      strands: settings.strands,
    },
    clusterer: {
      kind: settings.clusterer,
      resolution: Number(settings.resolution),
      k: orNull(settings.clusters),
      minClusterSize: Number(settings.minClusterSize),
    },
    classifier: {
      c: orNull(settings.c),
      sparseView: SPARSE[settings.words],
      abstainBelow: share(Number(settings.abstainBelow)),
    },
    promise: {
      maxRisk: maxRisk === null ? null : share(maxRisk),
      confidence: 0.95,
      coverage: share(Number(settings.coverage)),
      outShare: share(Number(settings.outShare)),
    },
    split: { testShare: share(Number(settings.testShare)), useGiven: settings.useGiven === "YES" },
    labels: { rare: settings.rare, minRows: Number(settings.minRows) },
    maxRows: orNull(settings.maxRows),
    pieces: orNull(settings.pieces),
    seed: Number(settings.seed),
  };
}

/** Where the API says a field of ours by another name, or under a part of its own. */
const FIELDS: Record<string, keyof Problems> = {
  modelName: "modelName",
  "spec.embedder": "embedder",
  "spec.embedder.kind": "embedder",
  "spec.embedder.model": "embedder",
  "spec.embedder.precision": "precision",
  "spec.embedder.dimensions": "dimensions",
  "spec.embedder.k": "k",
  "spec.embedder.strands": "strands",
  "spec.clusterer": "clusterer",
  "spec.clusterer.kind": "clusterer",
  "spec.clusterer.resolution": "resolution",
  "spec.clusterer.k": "clusters",
  "spec.clusterer.minClusterSize": "minClusterSize",
  "spec.classifier.c": "c",
  "spec.classifier.sparseView": "words",
  "spec.classifier.abstainBelow": "abstainBelow",
  "spec.promise": "maxRisk",
  "spec.promise.maxRisk": "maxRisk",
  "spec.promise.coverage": "coverage",
  "spec.promise.outShare": "outShare",
  "spec.split": "testShare",
  "spec.split.testShare": "testShare",
  "spec.split.useGiven": "useGiven",
  "spec.labels": "rare",
  "spec.labels.rare": "rare",
  "spec.labels.minRows": "minRows",
  "spec.maxRows": "maxRows",
  "spec.pieces": "pieces",
  "spec.seed": "seed",
};

/** The field that a path of the API is about; undefined if the form has none for it. */
export function fieldOf(path: readonly string[]): keyof Problems | undefined {
  const steps = path[0] === "input" ? path.slice(1) : path;
  return FIELDS[steps.join(".")];
}
