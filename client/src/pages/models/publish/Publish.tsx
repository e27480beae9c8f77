import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Suspense, useState } from "react";
import { graphql } from "../../../gql";
import type { Publish_VersionFragment } from "../../../gql/graphql";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Loading } from "../../../ui/States";
import { PublishBody } from "./PublishBody";
import { type Published, usePublish } from "./usePublish";

const VERSION = graphql(`
  fragment Publish_version on ModelVersion {
    id
    number
    model { id name revision }
  }
`);

/** Lets a version answer, after a look at what that would change. */
export function Publish({ version: from }: { version: FragmentType<Publish_VersionFragment> }) {
  const { data: version } = useSuspenseFragment({ fragment: VERSION, from });
  const [preview, setPreview] = useState<Promise<Published>>();
  const publish = usePublish();
  const { model } = version;
  if (!model) return null;
  const input = { modelId: model.id, versionId: version.id, expectedVersion: model.revision };

  function open(next: boolean) {
    // Forced, for what blocks is told by the questions themselves.
    setPreview(next ? publish({ ...input, force: true, dryRun: true }) : undefined);
  }

  return (
    <Dialog
      title={`Publish version ${version.number} of ${model.name}?`}
      open={preview !== undefined}
      onOpenChange={open}
      trigger={<Button>Publish</Button>}
    >
      {preview && (
        <Suspense fallback={<Loading />}>
          <PublishBody
            id={version.id}
            preview={preview}
            publish={(force) => publish({ ...input, force, dryRun: false })}
            onDone={() => setPreview(undefined)}
          />
        </Suspense>
      )}
    </Dialog>
  );
}
