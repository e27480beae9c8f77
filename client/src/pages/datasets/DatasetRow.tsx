import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import type { DatasetRow_DatasetFragment } from "../../gql/graphql";
import { Moment } from "../../ui/Moment";
import { Progress } from "../../ui/Progress";
import { Td } from "../../ui/Table";
import { count, plainName } from "../../ui/words";
import { VersionBadge } from "./VersionBadge";

const ROW = graphql(`
  fragment DatasetRow_dataset on Dataset {
    id
    name
    description
    kind
    versionCount
    updatedAt
    owner { id name }
    latestVersion {
      id
      status
      rows
      problemCount
      profile { labelCount }
      job { id progress }
    }
  }
`);

export function DatasetRow({
  dataset: from,
}: {
  dataset: FragmentType<DatasetRow_DatasetFragment>;
}) {
  const { data: dataset } = useSuspenseFragment({ fragment: ROW, from });
  const latest = dataset.latestVersion;
  return (
    <tr>
      <Td className="min-w-48">
        <Link to={`/datasets/${dataset.id}`} className="font-medium text-accent hover:underline">
          {dataset.name}
        </Link>
        <p className="max-w-prose text-xs text-soft">{dataset.description}</p>
      </Td>
      <Td>
        {latest && <VersionBadge status={latest.status} />}
        {latest?.status === "UPLOADED" && latest.job && (
          <div className="mt-2 w-32">
            <Progress label={`Reading ${dataset.name}`} share={latest.job.progress} />
          </div>
        )}
      </Td>
      <Td>{plainName(dataset.kind)}</Td>
      <Td kind="number">{latest && count(latest.rows)}</Td>
      <Td kind="number">{latest?.profile && count(latest.profile.labelCount)}</Td>
      <Td kind="number">{count(dataset.versionCount)}</Td>
      <Td>{dataset.owner?.name}</Td>
      <Td className="whitespace-nowrap">
        <Moment at={dataset.updatedAt} />
      </Td>
    </tr>
  );
}
