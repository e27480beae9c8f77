import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import type { JobFacts_JobFragment } from "../../gql/graphql";
import { Card } from "../../ui/Card";
import { Facts } from "../../ui/Facts";
import { Moment } from "../../ui/Moment";
import { duration, plainName } from "../../ui/words";

const FACTS = graphql(`
  fragment JobFacts_job on Job {
    id
    createdAt
    startedAt
    endedAt
    attempt
    priority
    worker
    estimate { p50 p90 }
    estimateRatio
    dataset { id name }
    model { id name }
    modelVersion { id }
    owner { id name }
    retryOf { id }
    retriedBy { id }
  }
`);

/** What a job is about, who asked for it, and where it ran. */
export function JobFacts({ job: from }: { job: FragmentType<JobFacts_JobFragment> }) {
  const { data: job } = useSuspenseFragment({ fragment: FACTS, from });
  const { dataset, model, estimate } = job;
  return (
    <Card title="About">
      <Facts
        facts={[
          ["data set", dataset && <To path={`/datasets/${dataset.id}`} name={dataset.name} />],
          ["model", model && <To path={`/models/${model.id}`} name={model.name} />],
          ["asked by", job.owner?.name],
          ["asked", <Moment key="asked" at={job.createdAt} />],
          ["begun", job.startedAt && <Moment key="begun" at={job.startedAt} />],
          ["ended", job.endedAt && <Moment key="ended" at={job.endedAt} />],
          ["estimate", estimate && `${duration(estimate.p50)} to ${duration(estimate.p90)}`],
          ["took", job.estimateRatio && `${job.estimateRatio.toFixed(1)} times the estimate`],
          ["priority", plainName(job.priority)],
          ["attempt", job.attempt || null],
          ["worker", job.worker],
          ["again", job.retriedBy && <To path={`/jobs/${job.retriedBy.id}`} name="tried again" />],
          ["before", job.retryOf && <To path={`/jobs/${job.retryOf.id}`} name="first try" />],
        ]}
      />
    </Card>
  );
}

function To({ path, name }: { path: string; name: string }) {
  return (
    <Link to={path} className="text-accent underline">
      {name}
    </Link>
  );
}
