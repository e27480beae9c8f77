import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import type { BulkRow_BulkFragment } from "../../gql/graphql";
import { Moment } from "../../ui/Moment";
import { Td } from "../../ui/Table";
import { count } from "../../ui/words";
import { BulkBadge } from "./BulkBadge";

const ROW = graphql(`
  fragment BulkRow_bulk on BulkPrediction {
    id
    status
    format
    rows
    createdAt
    job { id status }
    model { id name }
    modelVersion { id number }
    datasetVersion { id number dataset { id name } }
  }
`);

export function BulkRow({ bulk: from }: { bulk: FragmentType<BulkRow_BulkFragment> }) {
  const { data: bulk } = useSuspenseFragment({ fragment: ROW, from });
  const of = bulk.datasetVersion;
  return (
    <tr>
      <Td className="min-w-40 wrap-anywhere">
        <Link to={`/bulk/${bulk.id}`} className="font-medium text-accent hover:underline">
          {of ? `${of.dataset?.name ?? "Data set"}, version ${of.number}` : "A file"}
        </Link>
      </Td>
      <Td>
        <BulkBadge status={bulk.status} job={bulk.job} />
      </Td>
      <Td className="whitespace-nowrap">
        {bulk.model?.name}
        {bulk.modelVersion && (
          <span className="text-soft"> version {bulk.modelVersion.number}</span>
        )}
      </Td>
      <Td kind="number">{bulk.status === "READY" && count(bulk.rows)}</Td>
      <Td>{bulk.format}</Td>
      <Td className="whitespace-nowrap">
        <Moment at={bulk.createdAt} />
      </Td>
    </tr>
  );
}
