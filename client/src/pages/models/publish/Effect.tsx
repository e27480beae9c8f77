import { graphql } from "../../../gql";
import type { Effect_EffectFragment } from "../../../gql/graphql";
import { Facts } from "../../../ui/Facts";
import { counted } from "../../../ui/words";

graphql(`
  fragment Effect_effect on PublicationEffect {
    before { id number }
    after { id number }
    labelsAdded
    labelsRemoved
    answersLastDay
  }
`);

const SHOWN = 10;

/** What changes for those who ask the model. */
export function Effect({ effect }: { effect: Effect_EffectFragment }) {
  const { before, after, labelsAdded, labelsRemoved, answersLastDay } = effect;
  return (
    <Facts
      facts={[
        ["answers now", before ? `version ${before.number}` : "nothing"],
        ["answers then", after ? `version ${after.number}` : "nothing"],
        ["labels", labels(labelsAdded, labelsRemoved)],
        ["last 24 hours", counted(answersLastDay, "answer")],
      ]}
    />
  );
}

function labels(added: readonly string[], removed: readonly string[]): string {
  if (added.length + removed.length === 0) return "the same";
  const parts = [
    added.length > 0 ? `new: ${some(added)}` : "",
    removed.length > 0 ? `gone: ${some(removed)}` : "",
  ];
  return parts.filter(Boolean).join("; ");
}

function some(names: readonly string[]): string {
  const left = names.length - SHOWN;
  return names.slice(0, SHOWN).join(", ") + (left > 0 ? ` and ${left} more` : "");
}
