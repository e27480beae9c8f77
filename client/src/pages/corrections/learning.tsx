import { useSuspenseQuery } from "@apollo/client/react";
import { useState } from "react";
import { graphql } from "../../gql";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Empty } from "../../ui/States";
import { Tick } from "../../ui/Tick";
import { complain } from "../../ui/toast";
import { counted } from "../../ui/words";
import { useCorrectionsPlace } from "./place";
import { RoundCard } from "./RoundCard";
import { useLearn } from "./useLearn";

const LEARNING = graphql(`
  query Learning($modelId: ID!) {
    model(id: $modelId) {
      id
      corrections(review: ACCEPTED, first: 100) { nodes { id learningRound { id } } }
      learningRounds(first: 20) { nodes { id ...RoundCard_round } }
    }
  }
`);

/** Rounds of learning: from accepted corrections to a version that is compared with the one before. */
export function Component() {
  const { model } = useCorrectionsPlace();
  if (!model) return <Empty title="You have no model of your own" />;
  return <Learning modelId={model.id} />;
}

function Learning({ modelId }: { modelId: string }) {
  const { data, refetch } = useSuspenseQuery(LEARNING, {
    variables: { modelId },
    fetchPolicy: "cache-and-network",
  });
  const [retrain, setRetrain] = useState(true);
  const [isBusy, setBusy] = useState(false);
  const learn = useLearn(modelId);
  if (!data.model) return <Empty title="The model is gone" />;
  const rounds = data.model.learningRounds.nodes;
  const waiting = data.model.corrections.nodes.filter(({ learningRound }) => !learningRound).length;

  async function begin() {
    setBusy(true);
    const refusal = await learn(retrain, rounds[0]?.id);
    if (refusal) complain(refusal);
    await refetch().catch(complain);
    setBusy(false);
  }

  return (
    <>
      <Card title="Learn from what was accepted">
        <div className="flex flex-col items-start gap-3">
          <p>
            {waiting === 0
              ? "What you accept of the corrections becomes rows of the data set's next version. Nothing waits now."
              : `Not learnt yet: ${counted(waiting, "accepted correction")}. They become rows of the data set's next version.`}
          </p>
          <Tick
            label="Train on it and compare"
            hint="With the version before."
            checked={retrain}
            onChange={setRetrain}
          />
          <Button look="primary" disabled={isBusy || waiting === 0} onClick={begin}>
            Learn
          </Button>
        </div>
      </Card>
      {rounds.map((round) => (
        <RoundCard key={round.id} modelId={modelId} round={round} onChange={() => refetch()} />
      ))}
    </>
  );
}
