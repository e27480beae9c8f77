import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../../gql";
import type { SourceCard_VersionFragment } from "../../../gql/graphql";
import { Card } from "../../../ui/Card";
import { Facts } from "../../../ui/Facts";
import { Moment } from "../../../ui/Moment";
import { bytes } from "../../../ui/words";
import { delimiterInWords } from "../reading/delimiters";
import { DownloadFile } from "./DownloadFile";

const SOURCE = graphql(`
  fragment SourceCard_version on DatasetVersion {
    id
    createdAt
    source { filename bytes sha256 format encoding delimiter hasHeader compressed }
    columns { text label split reasons }
  }
`);

/** The file that a version was read from, and how. */
export function SourceCard({
  version: from,
}: {
  version: FragmentType<SourceCard_VersionFragment>;
}) {
  const { id, source, columns, createdAt } = useSuspenseFragment({
    fragment: SOURCE,
    from,
  }).data;
  const { delimiter, hasHeader } = source;
  return (
    <Card title="File" actions={<DownloadFile versionId={id} />}>
      <Facts
        facts={[
          ["name", source.filename],
          ["size", bytes(source.bytes) + (source.compressed ? ", compressed" : "")],
          ["handed over", <Moment key="at" at={createdAt} />],
          ["format", source.format],
          ["encoding", source.encoding],
          ["separator", delimiter && delimiterInWords(delimiter)],
          ["first line", hasHeader === null ? null : hasHeader ? "names the columns" : "is a row"],
          ["text", columns.text],
          ["label", columns.label],
          ["split", columns.split],
          [
            "SHA-256",
            <code key="sha" className="text-xs break-all">
              {source.sha256}
            </code>,
          ],
        ]}
      />
      {columns.reasons.length > 0 && (
        <ul aria-label="Why these columns" className="mt-3 list-disc pl-5 text-soft">
          {columns.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}
