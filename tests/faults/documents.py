"""What the driver sends besides the demo's documents."""

from __future__ import annotations

EVENT = "cursor kind message stage done total attempt subjectId at"

JOB = """
query Job($id: ID!) {
  job(id: $id) {
    id status attempt worker failure { code message } modelVersion { id }
    stages { name status attempt }
  }
}"""

MADE = """
query Made($datasetId: ID!, $model: String!) {
  dataset(id: $datasetId) { jobs(first: 100) { nodes { id kind status model { name } } } }
  model(name: $model) { id versions(first: 100) { nodes { id number job { id } } } }
}"""

CREATE_DATASET = """
mutation CreateDataset($input: CreateDatasetInput!) {
  createDataset(input: $input) {
    version { id dataset { id } job { id } } userErrors { code message }
  }
}"""

CANCEL_JOB = """
mutation CancelJob($input: CancelJobInput!) {
  cancelJob(input: $input) { job { id status } userErrors { code message } }
}"""

PREDICT = """
query Predict($input: PredictInput!) {
  predict(input: $input) {
    predictions { id text label }
    userErrors { code message }
  }
}"""

PREDICTIONS = """
query Predictions($filter: PredictionFilter, $after: String) {
  predictions(filter: $filter, first: 100, after: $after) {
    nodes { id text label } pageInfo { hasNextPage endCursor }
  }
}"""

SYSTEM = """
query System {
  system { workers { pid jobs { job { id } } } queues { name depth running } }
}"""

EVENTS = f"""
query Events($subjectId: ID, $after: String) {{
  events(subjectId: $subjectId, first: 100, after: $after) {{
    nodes {{ {EVENT} }} pageInfo {{ hasNextPage endCursor }} hasGap
  }}
}}"""

JOB_EVENTS = f"""
subscription JobEvents($id: ID!, $after: String) {{
  jobEvents(id: $id, after: $after) {{
    __typename
    ... on JobSnapshot {{ cursor }}
    ... on ActivityEvent {{ {EVENT} }}
    ... on CaughtUp {{ cursor }}
    ... on Heartbeat {{ cursor }}
    ... on Gap {{ fromCursor toCursor cursor: toCursor }}
  }}
}}"""

ACTIVITY = f"""
subscription Activity($after: String) {{
  activity(after: $after) {{
    __typename
    ... on ActivityEvent {{ {EVENT} }}
    ... on CaughtUp {{ cursor }}
    ... on Heartbeat {{ cursor }}
    ... on Gap {{ fromCursor toCursor cursor: toCursor }}
  }}
}}"""
