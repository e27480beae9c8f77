import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import type { JobRow_JobFragment } from "../../gql/graphql";
import { Moment } from "../../ui/Moment";
import { Progress } from "../../ui/Progress";
import { Td } from "../../ui/Table";
import { plainName, titled } from "../../ui/words";
import { JobBadge } from "./JobBadge";

const ROW = graphql(`
  fragment JobRow_job on Job {
    id
    kind
    status
    progress
    createdAt
    dataset { id name }
    model { id name }
    waitingFor { message }
    failure { message }
  }
`);

export function JobRow({ job: from }: { job: FragmentType<JobRow_JobFragment> }) {
  const { data: job } = useSuspenseFragment({ fragment: ROW, from });
  return (
    <tr>
      <Td>
        <Link to={`/jobs/${job.id}`} className="font-medium text-accent hover:underline">
          {titled(plainName(job.kind))}
        </Link>
      </Td>
      <Td className="min-w-32">{job.model?.name ?? job.dataset?.name}</Td>
      <Td className="w-1/2 min-w-48">
        <div className="flex items-center gap-3">
          <JobBadge status={job.status} />
          {job.status === "RUNNING" && (
            <div className="w-40">
              <Progress label="Progress" share={job.progress} />
            </div>
          )}
        </div>
        {(job.failure ?? job.waitingFor) && (
          <p className="mt-1 max-w-prose text-xs text-soft">
            {(job.failure ?? job.waitingFor)?.message}
          </p>
        )}
      </Td>
      <Td className="whitespace-nowrap">
        <Moment at={job.createdAt} />
      </Td>
    </tr>
  );
}
