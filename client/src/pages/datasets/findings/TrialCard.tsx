import { useSuspenseQuery } from "@apollo/client/react";
import { graphql } from "../../../gql";
import type { TrialVerdict } from "../../../gql/graphql";
import { Badge, type Tone } from "../../../ui/Badge";
import { Button } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { useAddress } from "../../../ui/useAddress";
import { counted, plainName } from "../../../ui/words";
import { ApplyTrial } from "./ApplyTrial";
import { TrialOutcome } from "./TrialOutcome";

const TRIAL = graphql(`
  query Trial($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Trial {
        fixes { row }
        modelVersion { id number model { id name } }
        appliedVersion { id number }
        job { id status failure { message } }
        result { verdict ...TrialOutcome_result @unmask }
      }
    }
  }
`);

const TONES: Record<TrialVerdict, Tone> = {
  BETTER: "good",
  WORSE: "bad",
  UNSURE: "warn",
  UNCHANGED: "neutral",
};

/** A trial of fixes: what they would gain, and the button that makes them. */
export function TrialCard({ id }: { id: string }) {
  const [, change] = useAddress();
  const { data } = useSuspenseQuery(TRIAL, {
    variables: { id },
    fetchPolicy: "cache-and-network",
  });
  if (data.node?.__typename !== "Trial") return null;
  const { fixes, modelVersion, appliedVersion, job, result } = data.node;

  return (
    <Card
      title={`Trial of ${counted(fixes.length, "fix", "fixes")} on ${modelVersion?.model?.name} ${modelVersion?.number}`}
      actions={
        <>
          {result && <Badge tone={TONES[result.verdict]}>{plainName(result.verdict)}</Badge>}
          <Button look="quiet" onClick={() => change({ trial: null })}>
            Close
          </Button>
        </>
      }
    >
      {result ? (
        <div className="flex flex-col gap-4">
          <TrialOutcome result={result} />
          <ApplyTrial trialId={id} applied={appliedVersion} />
        </div>
      ) : (
        <p role="status" className="text-soft">
          {job?.failure?.message ?? "The trial is under way; its result appears here."}
        </p>
      )}
    </Card>
  );
}
