import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import type { ModelFacts_ModelFragment } from "../../gql/graphql";
import { Card } from "../../ui/Card";
import { Facts } from "../../ui/Facts";
import { Moment } from "../../ui/Moment";

const FACTS = graphql(`
  fragment ModelFacts_model on Model {
    id
    createdAt
    owner { id name }
    publications { at version { id number } }
  }
`);

const SHOWN = 8;

/** Whose a model is, and which version answered since when. */
export function ModelFacts({ model: from }: { model: FragmentType<ModelFacts_ModelFragment> }) {
  const { data: model } = useSuspenseFragment({ fragment: FACTS, from });
  return (
    <Card title="About">
      <Facts
        facts={[
          ["ID", <code key="id">{model.id}</code>],
          ["owner", model.owner?.name],
          ["made", <Moment key="made" at={model.createdAt} />],
        ]}
      />
      <h3 className="mt-4 mb-1 font-semibold">What answered since when</h3>
      {model.publications.length === 0 && <p className="text-soft">It was never published.</p>}
      <ol className="flex flex-col gap-1">
        {model.publications.slice(0, SHOWN).map(({ at, version }) => (
          <li key={at} className="flex justify-between gap-2">
            {version ? (
              <Link
                to={`/models/${model.id}/versions/${version.id}`}
                className="text-accent hover:underline"
              >
                version {version.number}
              </Link>
            ) : (
              "a deleted version"
            )}
            <span className="text-soft">
              <Moment at={at} />
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
