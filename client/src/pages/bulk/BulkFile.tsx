import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Download } from "lucide-react";
import { graphql } from "../../gql";
import type { BulkFile_BulkFragment } from "../../gql/graphql";
import { buttonClass } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Facts } from "../../ui/Facts";
import { bytes } from "../../ui/words";
import { Sample } from "./Sample";

const FILE = graphql(`
  fragment BulkFile_bulk on BulkPrediction {
    id
    format
    bytes
    sha256
    url
    expiresAt
  }
`);

/** The file itself, and how it begins. */
export function BulkFile({ bulk: from }: { bulk: FragmentType<BulkFile_BulkFragment> }) {
  const { data: file } = useSuspenseFragment({ fragment: FILE, from });
  return (
    <Card
      title="The file"
      actions={
        file.url && (
          <a href={file.url} download className={buttonClass("primary")}>
            <Download aria-hidden="true" className="size-4" /> {file.format}, {bytes(file.bytes)}
          </a>
        )
      }
    >
      <div className="flex flex-col gap-4">
        <Facts
          facts={[
            [
              "SHA-256",
              <code key="sha" className="text-xs wrap-anywhere">
                {file.sha256}
              </code>,
            ],
            ["Deleted", new Date(file.expiresAt).toLocaleString()],
          ]}
        />
        {file.url && <Sample url={file.url} format={file.format} />}
      </div>
    </Card>
  );
}
