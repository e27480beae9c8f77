import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { ModelActions_ModelFragment } from "../../gql/graphql";
import { ButtonLink } from "../../ui/Button";
import { DeleteModel } from "./DeleteModel";
import { MoveBack } from "./MoveBack";
import { useMayChange } from "./useMayChange";
import { useMoveBack } from "./useMoveBack";

const ACTIONS = graphql(`
  fragment ModelActions_model on Model {
    id
    name
    revision
    owner { id }
    publishedVersion { id number }
    publications { at }
    newest: versions(first: 1) { nodes { id datasetVersion { id } } }
  }
`);

/** What may be done with a model in its present state. */
export function ModelActions({ model: from }: { model: FragmentType<ModelActions_ModelFragment> }) {
  const { data: model } = useSuspenseFragment({ fragment: ACTIONS, from });
  const mayChange = useMayChange(model.owner?.id);
  const { rollBack, withdraw } = useMoveBack(model.id, model.revision);
  const { id, name, publishedVersion } = model;
  const data = model.newest.nodes[0]?.datasetVersion?.id;
  return (
    <>
      {publishedVersion && (
        <ButtonLink to={`/playground?model=${encodeURIComponent(name)}`}>Ask it</ButtonLink>
      )}
      {mayChange && data && (
        <ButtonLink to={`/train?version=${data}&model=${encodeURIComponent(name)}`}>
          Train again
        </ButtonLink>
      )}
      {mayChange && publishedVersion && model.publications.length > 1 && (
        <MoveBack
          action="Roll back"
          question={`Roll ${name} back?`}
          done="Rolled back"
          move={rollBack}
        />
      )}
      {mayChange && publishedVersion && (
        <MoveBack
          action="Withdraw"
          question={`Let ${name} answer no longer?`}
          done="Withdrawn"
          move={withdraw}
        />
      )}
      {mayChange && <DeleteModel id={id} name={name} revision={model.revision} />}
    </>
  );
}
