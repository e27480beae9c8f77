import { useSuspenseQuery } from "@apollo/client/react";
import { graphql } from "../../gql";
import { Button, ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { counted } from "../../ui/words";
import { LabelsCard } from "../datasets/profile/LabelsCard";
import { RowsCard } from "../datasets/profile/RowsCard";
import { Warnings } from "../datasets/profile/Warnings";

const LOOK = graphql(`
  query WelcomeLook($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on DatasetVersion {
        rows
        rejectedRows
        profile {
          ...LabelsCard_profile @unmask
          ...RowsCard_profile @unmask
          ...Warnings_profile @unmask
        }
      }
    }
  }
`);

interface LookStepProps {
  datasetId: string;
  versionId: string;
  onNext: () => void;
}

/** What is in the data, and what of it was left out. */
export function LookStep({ datasetId, versionId, onNext }: LookStepProps) {
  const { node } = useSuspenseQuery(LOOK, { variables: { id: versionId } }).data;
  if (node?.__typename !== "DatasetVersion") return null;
  const { profile, rejectedRows, rows } = node;
  return (
    <>
      <Card
        title="Is this what you meant?"
        actions={
          <>
            <ButtonLink to={`/datasets/${datasetId}`}>All rows</ButtonLink>
            <Button look="primary" onClick={onNext}>
              Yes, train on it
            </Button>
          </>
        }
      >
        {counted(rows, "row was", "rows were")} read
        {rejectedRows > 0
          ? `, ${counted(rejectedRows, "was", "were")} left out. `
          : ", all of them. "}
        {rejectedRows > 0 && (
          <ButtonLink to={`/datasets/${datasetId}/problems`}>See why</ButtonLink>
        )}
      </Card>
      {profile && (
        <>
          <Warnings profile={profile} />
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <LabelsCard profile={profile} />
            <RowsCard profile={profile} />
          </div>
        </>
      )}
    </>
  );
}
