import { useQuery } from "@apollo/client/react";
import { graphql } from "../../gql";
import { ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";

const BEGUN = graphql(`
  query Begun { models(first: 1, filter: { published: true }) { nodes { id } } }
`);

/** Leads to the first steps for as long as no model answers. */
export function WelcomeCard() {
  const { data } = useQuery(BEGUN, { fetchPolicy: "cache-and-network" });
  if (!data || data.models.nodes.length > 0) return null;
  return (
    <Card
      title="No model answers yet"
      actions={
        <ButtonLink look="primary" to="/welcome">
          Guide me
        </ButtonLink>
      }
    >
      From rows of text to a published model in five steps, with sample data if you have none at
      hand.
    </Card>
  );
}
