import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { PublishStep_VersionFragment } from "../../gql/graphql";
import { Button, ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Publish } from "../models/publish/Publish";
import { Headline } from "../models/version/Headline";

const VERSION = graphql(`
  fragment PublishStep_version on ModelVersion {
    id
    report { ...Headline_report @unmask }
    ...Publish_version
  }
`);

interface PublishStepProps {
  version: FragmentType<PublishStep_VersionFragment>;
  modelId: string;
  isPublished: boolean;
  onNext: () => void;
}

/** How good it is, before everybody gets its answers. */
export function PublishStep({ version: from, modelId, isPublished, onNext }: PublishStepProps) {
  const { data: version } = useSuspenseFragment({
    fragment: VERSION,
    fragmentName: "PublishStep_version",
    from,
  });
  return (
    <>
      <Card
        title={isPublished ? "It is published" : "Is it good enough?"}
        actions={
          <>
            <ButtonLink to={`/models/${modelId}/versions/${version.id}`}>
              The whole report
            </ButtonLink>
            {isPublished ? (
              <Button look="primary" onClick={onNext}>
                Ask it
              </Button>
            ) : (
              <Publish version={version} />
            )}
          </>
        }
      >
        {isPublished
          ? "It answers under the model's name. Another version can take its place at any time, and it can be rolled back."
          : "Nobody but you can ask it yet. Published, it answers under the model's name to everybody here."}
      </Card>
      <Headline report={version.report} />
    </>
  );
}
