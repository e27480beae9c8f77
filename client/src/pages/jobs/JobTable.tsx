import type { FragmentType } from "@apollo/client/masking";
import type { JobRow_JobFragment } from "../../gql/graphql";
import { Table, Th } from "../../ui/Table";
import { JobRow } from "./JobRow";

type Row = { id: string } & FragmentType<JobRow_JobFragment>;

export function JobTable({ label, jobs }: { label: string; jobs: readonly Row[] }) {
  return (
    <Table label={label}>
      <thead>
        <tr>
          <Th>Job</Th>
          <Th>Of</Th>
          <Th>State</Th>
          <Th>Asked for</Th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </tbody>
    </Table>
  );
}
