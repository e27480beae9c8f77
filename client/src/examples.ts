/** The tabs of a first visit: one step of the main job each, with the caller's own ids filled in. */

import type { GraphiQLProps } from "graphiql";
import { request } from "./graphql";
import { session } from "./session";

type Tab = NonNullable<GraphiQLProps["defaultTabs"]>[number];

interface Newest {
  datasets: { nodes: { latestVersion: { id: string } | null }[] };
  jobs: { nodes: { id: string }[] };
  models: { nodes: { name: string }[] };
}

const NEWEST = `{
  datasets(first: 1) { nodes { latestVersion { id } } }
  jobs(first: 1) { nodes { id } }
  models(first: 1) { nodes { name } }
}`;

export async function examples(): Promise<Tab[]> {
  const newest = await request<Newest>(NEWEST, {}, await session.token());
  const datasetVersionId = newest.datasets.nodes[0]?.latestVersion?.id ?? "dsv_…";
  const jobId = newest.jobs.nodes[0]?.id ?? "job_…";
  const model = newest.models.nodes[0]?.name ?? "colours-or-animals";
  return [
    tab(WHO_AM_I),
    tab(CREATE_DATASET, { input: { name: "Colours or animals", rows: ROWS } }),
    tab(ESTIMATE, { datasetVersionId }),
    tab(START_TRAINING, { input: { datasetVersionId, modelName: "colours-or-animals" } }),
    tab(FOLLOW_JOB, { id: jobId }),
    tab(JOB_LOG, { id: jobId }),
    tab(JOB, { id: jobId }),
    tab(MODELS),
    tab(PREDICT, { input: { model, texts: ["a bright shade of green"], topK: 2 } }),
    tab(ACTIVITY),
    tab(SYSTEM),
  ];
}

function tab(query: string, variables?: object): Tab {
  return { query, variables: variables ? JSON.stringify(variables, null, 2) : null };
}

const WHO_AM_I = `# Who is asking. Ctrl-Enter runs it.
query WhoAmI {
  viewer {
    user { id email name role }
  }
}
`;

const CREATE_DATASET = `# A small data set, sent with the request. Larger files go through createUpload.
mutation CreateDataset($input: CreateDatasetInput!) {
  createDataset(input: $input) {
    dataset { id name }
    version { id number status }
    job { id status }
    userErrors { code message path }
  }
}
`;

const ESTIMATE = `# How long a training would take, and why it would be refused.
query Estimate($datasetVersionId: ID!) {
  estimateTraining(datasetVersionId: $datasetVersionId) {
    seconds { p50 p90 }
    peakBytes
    rowsToEmbed
    rowsCached
    refusal { code message }
  }
}
`;

const START_TRAINING = `# Trains a model on a version that is READY.
mutation StartTraining($input: StartTrainingInput!) {
  startTraining(input: $input) {
    job { id status }
    userErrors { code message path }
  }
}
`;

const FOLLOW_JOB = `# A job as it is, what happened so far, then whatever happens next.
subscription FollowJob($id: ID!) {
  jobEvents(id: $id) {
    __typename
    ... on JobSnapshot { job { status progress stages { name status done total } } }
    ... on ActivityEvent { kind message stage done total rowsPerSecond }
    ... on Heartbeat { at }
  }
}
`;

const JOB_LOG = `# What each stage of a job wrote, from the first line on; also after its end.
subscription JobLog($id: ID!) {
  jobLog(id: $id) {
    __typename
    ... on LogLine { at level stage message }
  }
}
`;

const JOB = `# Why a job waits, when it will be done, or why it failed and what mends it.
query Job($id: ID!) {
  job(id: $id) {
    status
    waitingFor { code message position eta { p50 p90 } }
    diagnosis { cause evidence fixes { label mutation variables } }
  }
}
`;

const MODELS = `# Every model that you may see, and how good the version is that answers.
query Models {
  models(first: 10) {
    totalCount
    nodes {
      id
      name
      publishedVersion { number report { accuracy macroF1 ece } }
      versions(first: 5) { nodes { id number isPublished } }
    }
  }
}
`;

const PREDICT = `# Labels for new texts, by the published version of a model.
query Predict($input: PredictInput!) {
  predict(input: $input) {
    predictions {
      text
      label
      probability
      abstained
      scores { label probability }
      cluster { name }
    }
    userErrors { code message }
  }
}
`;

const ACTIVITY = `# Everything that happens on the platform, live (for admins).
subscription Activity {
  activity {
    __typename
    ... on ActivityEvent { at topic kind message }
    ... on Heartbeat { at }
  }
}
`;

const SYSTEM = `# Workers, queues, services and storage at a glance, live (for admins).
subscription System {
  system {
    workers { kind host pid memoryBytes jobs { job { id } stage } }
    queues { name mode depth oldest running }
    services { name ok latencyMs }
    storage { bytes }
  }
}
`;

const TEXTS = {
  colour: [
    "the red of a ripe apple",
    "a pale blue like the sky",
    "deep green",
    "golden yellow",
    "a dark shade of purple",
    "pure white, like snow",
  ],
  animal: [
    "a small bird that sings",
    "a large grey elephant",
    "the dog that barks at night",
    "a fish that lives in the sea",
    "a cat asleep in the sun",
    "a horse that runs fast",
  ],
};

const ROWS = Object.entries(TEXTS).flatMap(([label, texts]) =>
  texts.map((text) => ({ text, label })),
);
