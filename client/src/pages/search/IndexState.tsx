import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { IndexState_VersionFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/States";
import { counted } from "../../ui/words";
import { RunningJob } from "../datasets/RunningJob";
import { useIndexDataset } from "../datasets/useIndexDataset";

const VERSION = graphql(`
  fragment IndexState_version on DatasetVersion {
    id
    number
    status
    rows
    searchIndexes {
      id
      ready
      job { id status }
    }
  }
`);

interface IndexStateProps {
  version: FragmentType<IndexState_VersionFragment>;
}

/** Whether the newest version can be searched; if not, what is done about it or may be. */
export function IndexState({ version: from }: IndexStateProps) {
  const { data: version } = useSuspenseFragment({ fragment: VERSION, from });
  const index = useIndexDataset();
  if (version.status !== "READY" || version.searchIndexes.some(({ ready }) => ready)) return null;
  const going = version.searchIndexes.find(
    ({ job }) => job?.status === "QUEUED" || job?.status === "RUNNING",
  );
  if (going?.job) {
    return (
      <ul aria-label="The index at work">
        <RunningJob key={going.job.id} id={going.job.id} />
      </ul>
    );
  }
  return (
    <Empty
      title={`Version ${version.number} cannot be searched yet`}
      action={
        <Button look="primary" onClick={() => index(version.id)}>
          Make it searchable
        </Button>
      }
    >
      Its {counted(version.rows, "row")} need an index, which is built once: some seconds for a
      thousand rows, and less where a training has read them before.
    </Empty>
  );
}
