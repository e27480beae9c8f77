/** Subscriptions that are often wanted, ready to be saved. */

export interface Example {
  title: string;
  name: string;
  document: string;
  variables: string;
}

interface Newest {
  modelId: string | undefined;
  datasetId: string | undefined;
}

const NONE = "{}";

/** With ids of the viewer's own where there are any. */
export function examples({ modelId, datasetId }: Newest): Example[] {
  return [
    {
      title: "What becomes of jobs",
      name: "Jobs",
      document: `subscription Jobs {
  activity(topics: [JOB]) {
    ... on ActivityEvent {
      cursor
      kind
      message
      job { id kind status }
    }
  }
}`,
      variables: NONE,
    },
    {
      title: "Every answer",
      name: "Answers",
      document: `subscription Answers {
  predictionFeed {
    ... on ActivityEvent {
      cursor
      at
      message
    }
  }
}`,
      variables: NONE,
    },
    {
      title: "Publications of a model",
      name: "A model's events",
      document: `subscription ModelEvents($id: ID!) {
  modelEvents(id: $id) {
    ... on ActivityEvent {
      cursor
      kind
      message
    }
  }
}`,
      variables: withId(modelId ?? "mdl_…"),
    },
    {
      title: "Versions of a data set",
      name: "A data set's events",
      document: `subscription DatasetEvents($id: ID!) {
  datasetEvents(id: $id) {
    ... on ActivityEvent {
      cursor
      kind
      message
    }
  }
}`,
      variables: withId(datasetId ?? "dts_…"),
    },
    {
      title: "Everything",
      name: "Everything",
      document: `subscription Everything {
  activity {
    ... on ActivityEvent {
      cursor
      at
      kind
      message
    }
    ... on Gap {
      fromCursor
      toCursor
    }
  }
}`,
      variables: NONE,
    },
  ];
}

function withId(id: string): string {
  return JSON.stringify({ id }, null, 2);
}
