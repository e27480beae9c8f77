import { useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { NotFound } from "../../shell/RouteError";
import { ButtonLink } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { RunningJob } from "../datasets/RunningJob";
import { BulkBadge } from "./BulkBadge";
import { BulkCounts } from "./BulkCounts";
import { BulkFile } from "./BulkFile";
import { BulkProblems } from "./BulkProblems";

const RESULT = graphql(`
  query BulkPrediction($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on BulkPrediction {
        status
        job { id status failure { message } }
        model { id name }
        modelVersion { id number }
        datasetVersion { id number dataset { id name } }
        ...BulkFile_bulk
        ...BulkCounts_bulk
        ...BulkProblems_bulk
      }
    }
  }
`);

export function loader({ params }: LoaderFunctionArgs) {
  // the link to the file is made anew at each reading, and good for a short while
  return preload(RESULT, { variables: { id: params["id"] ?? "" }, fetchPolicy: "network-only" });
}

/** One file of answers: how far it is, then what is in it. */
export function Component() {
  const { node } = useReadQuery(useLoaderData<typeof loader>()).data;
  if (node?.__typename !== "BulkPrediction") return <NotFound />;
  const { status, job, model, modelVersion, datasetVersion } = node;
  const of = datasetVersion
    ? `${datasetVersion.dataset?.name ?? "the data set"}, version ${datasetVersion.number}`
    : "a file";
  const isGoing = job?.status === "QUEUED" || job?.status === "RUNNING";
  return (
    <Page
      title={`Answers for ${of}`}
      mark={<BulkBadge status={status} job={job} />}
      summary={model && `By ${model.name}${modelVersion ? `, version ${modelVersion.number}` : ""}`}
      actions={<ButtonLink to="/bulk">All files of answers</ButtonLink>}
    >
      {isGoing && job && (
        <ul aria-label="The job">
          <RunningJob id={job.id} />
        </ul>
      )}
      {job?.failure && status === "PENDING" && (
        <p role="alert" className="rounded-lg border border-bad bg-bad-soft p-4 text-bad">
          {job.failure.message}{" "}
          <ButtonLink className="ml-2" to={`/jobs/${job.id}`}>
            Why, and what would mend it
          </ButtonLink>
        </p>
      )}
      {status === "READY" && (
        <div className="grid gap-4 lg:grid-cols-[2fr_1fr]">
          <BulkFile key={node.id} bulk={node} />
          <BulkCounts bulk={node} />
        </div>
      )}
      <BulkProblems bulk={node} />
    </Page>
  );
}
