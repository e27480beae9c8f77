import { useFragment } from "@apollo/client/react";
import { Check, Pencil } from "lucide-react";
import { useState } from "react";
import { graphql } from "../../gql";
import { Button } from "../../ui/Button";
import { complain } from "../../ui/toast";
import { CorrectForm } from "./CorrectForm";
import { useCorrect } from "./useCorrect";

const SAID = graphql(`
  fragment Correct_prediction on Prediction {
    id
    correction
  }
`);

interface CorrectProps {
  id: string;
  label: string;
  labels: readonly string[];
}

/** What somebody says of an answer: that it is right, or what it should have been. */
export function Correct({ id, label, labels }: CorrectProps) {
  const [isOpen, setOpen] = useState(false);
  const { data, complete } = useFragment({
    fragment: SAID,
    from: { __typename: "Prediction", id },
  });
  const correct = useCorrect();
  const said = complete ? data.correction : null;

  async function say(right: string): Promise<string | undefined> {
    const refusal = await correct(id, right);
    if (!refusal) setOpen(false);
    return refusal;
  }

  async function confirm() {
    const refusal = await say(label);
    if (refusal) complain(refusal);
  }

  return (
    <div className="flex flex-col gap-2 rounded-md bg-raised p-3">
      <div className="flex flex-wrap items-center gap-2">
        <p role="status" className="min-w-0 flex-1 break-words">
          {said === null && "Is this right?"}
          {said !== null && said === label && "You said: this is right."}
          {said !== null && said !== label && `You said: it is ${said}.`}
        </p>
        {said !== label && (
          <Button onClick={confirm}>
            <Check aria-hidden="true" className="size-4" /> Right
          </Button>
        )}
        <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <Pencil aria-hidden="true" className="size-4" /> Wrong …
        </Button>
      </div>
      {isOpen && <CorrectForm labels={labels} wrong={label} onSay={say} />}
    </div>
  );
}
