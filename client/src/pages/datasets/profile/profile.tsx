import { useSuspenseQuery } from "@apollo/client/react";
import { graphql } from "../../../gql";
import { Empty } from "../../../ui/States";
import { useDatasetPlace } from "../place";
import { LabelsCard } from "./LabelsCard";
import { LanguagesCard } from "./LanguagesCard";
import { LengthsCard } from "./LengthsCard";
import { RowsCard } from "./RowsCard";
import { SequencesCard } from "./SequencesCard";
import { SourceCard } from "./SourceCard";
import { Warnings } from "./Warnings";

const PROFILE = graphql(`
  query DatasetProfile($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on DatasetVersion {
        ...SourceCard_version
        profile {
          ...LabelsCard_profile @unmask
          ...LanguagesCard_profile @unmask
          ...LengthsCard_profile @unmask
          ...RowsCard_profile @unmask
          ...SequencesCard_profile @unmask
          ...Warnings_profile @unmask
        }
      }
    }
  }
`);

/** What a version holds, in figures. */
export function Component() {
  const { version } = useDatasetPlace();
  const { data } = useSuspenseQuery(PROFILE, { variables: { id: version.id } });
  if (data.node?.__typename !== "DatasetVersion") return null;
  const { profile } = data.node;
  return (
    <div className="flex flex-col gap-4">
      {profile && <Warnings profile={profile} />}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          {profile && <LabelsCard profile={profile} />}
          <SourceCard version={data.node} />
        </div>
        {profile && (
          <div className="flex min-w-0 flex-col gap-4">
            <RowsCard profile={profile} />
            <LengthsCard profile={profile} />
            <LanguagesCard profile={profile} />
            <SequencesCard profile={profile} />
          </div>
        )}
      </div>
      {!profile && <Empty title="There is no profile of a file that could not be read" />}
    </div>
  );
}
