"""Every GraphQL document that the demo sends."""

from __future__ import annotations

SIGN_IN = """
mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { accessToken userErrors { code message } }
}"""

CREATE_API_KEY = """
mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { key userErrors { code message } }
}"""

WHO_AM_I = "query WhoAmI { viewer { user { email } } }"

CREATE_UPLOAD = """
mutation CreateUpload($input: CreateUploadInput!) {
  createUpload(input: $input) {
    upload { id }
    ticket { method headers { name value } parts { number url offset size } }
    userErrors { code message }
  }
}"""

CREATE_DATASET = """
mutation CreateDataset($input: CreateDatasetInput!) {
  createDataset(input: $input) {
    version { id job { id } } userErrors { code message }
  }
}"""

START_TRAINING = """
mutation StartTraining($input: StartTrainingInput!) {
  startTraining(input: $input) { job { id } userErrors { code message } }
}"""

JOB_EVENTS = """
subscription JobEvents($id: ID!, $after: String) {
  jobEvents(id: $id, after: $after) {
    __typename
    ... on JobSnapshot {
      cursor
      job {
        status failure { message }
        stages { name status done total summary }
      }
    }
    ... on ActivityEvent { cursor kind message stage done total rowsPerSecond }
    ... on CaughtUp { cursor }
    ... on Heartbeat { cursor }
    ... on Gap { cursor: toCursor }
  }
}"""

JOB = """
query Job($id: ID!) {
  job(id: $id) {
    status failure { code message }
    modelVersion { id }
  }
}"""

DATASET_VERSION = """
query DatasetVersion($id: ID!) {
  node(id: $id) {
    ... on DatasetVersion {
      id number status kind
      job { id failure { message } }
      columns { text label split reasons }
      profile {
        rows labelledRows labelCount duplicateRows emptyRows language
        warnings { embedder { kind } }
      }
      problems { code reason fix line column value }
      problemCount rejectedRows
    }
  }
}"""

MODEL_VERSION = """
query ModelVersion($id: ID!) {
  modelVersion(id: $id) {
    id number labels bytes
    isPublished model { id name }
    report {
      accuracy macroF1 ece eceBefore temperature sparseView labelsFromClusters
      trainRows testRows embeddedRows cachedRows nmi silhouette
      baselines { name accuracy macroF1 }
      classes { label precision recall f1 support }
      stages { stage seconds rows rowsPerSecond }
      clusters { number name size cohesion keywords exemplars }
    }
  }
}"""

PUBLISH_MODEL = """
mutation PublishModel($input: PublishModelInput!) {
  publishModel(input: $input) { model { id name } userErrors { code message } }
}"""

PREDICT = """
query Predict($input: PredictInput!) {
  predict(input: $input) {
    predictions { text label probability abstained cluster { name } latencyMs }
    userErrors { code message }
  }
}"""
