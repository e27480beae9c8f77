import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../../gql";
import type { VersionRow_VersionFragment } from "../../../gql/graphql";
import { Moment } from "../../../ui/Moment";
import { Td } from "../../../ui/Table";
import { bytes, count, counted } from "../../../ui/words";
import { VersionBadge } from "../VersionBadge";
import { editCountsInWords } from "./editCounts";

const VERSION = graphql(`
  fragment VersionRow_version on DatasetVersion {
    id
    number
    status
    rows
    problemCount
    createdAt
    source { filename bytes }
    base { id number }
    edits {
      note
      counts { relabelled reworded dropped }
    }
  }
`);

interface VersionRowProps {
  version: FragmentType<VersionRow_VersionFragment>;
  datasetId: string;
}

export function VersionRow({ version: from, datasetId }: VersionRowProps) {
  const { data: version } = useSuspenseFragment({ fragment: VERSION, from });
  const { base, edits, source } = version;
  return (
    <tr>
      <Td>
        <Link
          to={`/datasets/${datasetId}?version=${version.id}`}
          className="font-medium whitespace-nowrap text-accent hover:underline"
        >
          Version {version.number}
        </Link>
      </Td>
      <Td>
        <VersionBadge status={version.status} />
      </Td>
      <Td kind="number">{count(version.rows)}</Td>
      <Td>
        {edits && base
          ? `version ${base.number}, edited`
          : `${source.filename}, ${bytes(source.bytes)}`}
        {base && !edits && ` behind version ${base.number}`}
      </Td>
      <Td className="min-w-40">
        {edits?.counts && editCountsInWords(edits.counts)}
        {edits?.note && <p className="text-soft">{edits.note}</p>}
        {version.problemCount > 0 && (
          <Link
            to={`/datasets/${datasetId}/problems?version=${version.id}`}
            className="text-accent underline"
          >
            {counted(version.problemCount, "problem")}
          </Link>
        )}
      </Td>
      <Td className="whitespace-nowrap">
        <Moment at={version.createdAt} />
      </Td>
    </tr>
  );
}
