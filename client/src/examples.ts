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
    tab(START_TRAINING, { input: { datasetVersionId, modelName: "colours-or-animals" } }),
    tab(FOLLOW_JOB, { id: jobId }),
    tab(MODELS),
    tab(PREDICT, { input: { model, texts: ["a bright shade of green"], topK: 2 } }),
    tab(ACTIVITY),
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
