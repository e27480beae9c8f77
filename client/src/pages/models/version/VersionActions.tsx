import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../../gql";
import type { VersionActions_VersionFragment } from "../../../gql/graphql";
import { ButtonLink } from "../../../ui/Button";
import { Publish } from "../publish/Publish";
import { useMayChange } from "../useMayChange";

const ACTIONS = graphql(`
  fragment VersionActions_version on ModelVersion {
    id
    isPublished
    model { id owner { id } publishedVersion { id } }
    ...Publish_version
  }
`);

/** Publishes a version, or compares it with the one that is. */
export function VersionActions({
  version: from,
}: {
  version: FragmentType<VersionActions_VersionFragment>;
}) {
  const { data: version } = useSuspenseFragment({
    fragment: ACTIONS,
    fragmentName: "VersionActions_version",
    from,
  });
  const mayChange = useMayChange(version.model?.owner?.id);
  const published = version.model?.publishedVersion?.id;
  if (!mayChange) return null;
  return (
    <>
      {published && published !== version.id && (
        <ButtonLink
          to={`/models/${version.model?.id}/compare?before=${published}&after=${version.id}`}
        >
          Compare with what answers
        </ButtonLink>
      )}
      {!version.isPublished && <Publish version={version} />}
    </>
  );
}
