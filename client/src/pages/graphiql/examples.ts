/** The tabs of a first visit: one step of the main job each, with the caller's own ids filled in. */

import type { GraphiQLProps } from "graphiql";
import { post } from "../../api/post";
import { session } from "../../api/session";
import { graphql } from "../../gql";

type Tab = NonNullable<GraphiQLProps["defaultTabs"]>[number];

const NEWEST = graphql(`
  query Newest {
    datasets(first: 1) { nodes { latestVersion { id } } }
    jobs(first: 1) { nodes { id } }
    models(first: 1) { nodes { name versions(first: 1) { nodes { id } } } }
  }
`);

export async function examples(): Promise<Tab[]> {
  const newest = await post(NEWEST, {}, await session.token());
  const datasetVersionId = newest.datasets.nodes[0]?.latestVersion?.id ?? "dsv_…";
  const jobId = newest.jobs.nodes[0]?.id ?? "job_…";
  const model = newest.models.nodes[0]?.name ?? "colours-or-animals";
  const modelVersionId = newest.models.nodes[0]?.versions.nodes[0]?.id ?? "mdv_…";
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
    tab(PREDICT_STREAM, { input: { model, texts: ["a grey cat", "light green", "a wild goose"] } }),
    tab(PREDICT_IN_BULK, { input: { model, datasetVersionId, format: "CSV" } }),
    tab(TRY_FIXES, { input: { modelVersionId, fixes: [{ row: 0, drop: true }] } }),
    tab(TRIAL, { jobId }),
    tab(SEARCH, { text: "a bright shade of green" }),
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

const PREDICT_STREAM = `# The same for up to 1,000 texts, each answer as soon as it is ready.
subscription PredictStream($input: PredictStreamInput!) {
  predictStream(input: $input) {
    __typename
    ... on StreamedAnswer { index answer { text label probability } }
    ... on StreamFailure { code message indexes }
    ... on StreamEnd { asked answered cached abstained }
  }
}
`;

const PREDICT_IN_BULK = `# Every row of a data set or of an uploaded file. The job's bulkResult has the URL.
mutation PredictInBulk($input: PredictInBulkInput!) {
  predictInBulk(input: $input) {
    job { id status bulkResult { id status url expiresAt } }
    userErrors { code message path }
  }
}
`;

const TRY_FIXES = `# What corrected rows would gain, before the data set is changed.
mutation TryFixes($input: TryFixesInput!) {
  tryFixes(input: $input) {
    job { id status }
    trial { id }
    userErrors { code message path }
  }
}
`;

const TRIAL = `# What came of it. applyFixes makes the fixes, and trains on them if so asked.
query Trial($jobId: ID!) {
  job(id: $jobId) {
    status
    trial {
      id
      result {
        verdict message
        gain { value low high }
        toRight { text actual before after }
        toWrong { text actual before after }
      }
    }
  }
}
`;

const SEARCH = `# Rows of your newest data set like a text: by meaning, by words, or by both.
query Search($text: String!) {
  datasets(first: 1) {
    nodes {
      name
      search(text: $text, mode: HYBRID, first: 5) {
        state
        hint
        total
        hits { rank row text label score semantic keyword matches { start end } }
        index { rows embedder { kind } recall approximate }
      }
    }
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
