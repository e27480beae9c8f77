import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { GoldenQuestions_ModelFragment } from "../../gql/graphql";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Checkbox } from "../../ui/Checkbox";
import { Confirm } from "../../ui/Confirm";
import { Table, Td, Th } from "../../ui/Table";
import { complain } from "../../ui/toast";
import { PinQuestion } from "./golden/PinQuestion";
import { useBlockByQuestion } from "./golden/useBlockByQuestion";
import { useUnpinQuestion } from "./golden/useUnpinQuestion";
import { useMayChange } from "./useMayChange";

const QUESTIONS = graphql(`
  fragment GoldenQuestions_model on Model {
    id
    owner { id }
    newest: versions(first: 1) { nodes { id labels } }
    goldenQuestions(first: 100) {
      totalCount
      nodes { id text label note blocks revision }
    }
  }
`);

interface GoldenQuestionsProps {
  model: FragmentType<GoldenQuestions_ModelFragment>;
  onChange: () => void;
}

/** What every version of a model has to answer. */
export function GoldenQuestions({ model: from, onChange }: GoldenQuestionsProps) {
  const { data: model } = useSuspenseFragment({ fragment: QUESTIONS, from });
  const mayChange = useMayChange(model.owner?.id);
  const questions = model.goldenQuestions.nodes;
  const labels = model.newest.nodes[0]?.labels ?? [];
  return (
    <Card
      title="Golden questions"
      actions={
        labels.length > 0 && <PinQuestion modelId={model.id} labels={labels} onDone={onChange} />
      }
    >
      {questions.length === 0 ? (
        <p className="text-soft">
          None. Pin the texts whose answers matter most: a version that answers them otherwise is
          not published by mistake.
        </p>
      ) : (
        <Table label="Golden questions">
          <thead>
            <tr>
              <Th>Text</Th>
              <Th>Has to be</Th>
              <Th>Why</Th>
              <Th>Blocks</Th>
              <Th kind="action">Actions</Th>
            </tr>
          </thead>
          <tbody>
            {questions.map((question) => (
              <tr key={question.id}>
                <Td className="min-w-48">{question.text}</Td>
                <Td>{question.label}</Td>
                <Td>{question.note}</Td>
                <Td>
                  <Blocks question={question} mayChange={mayChange} />
                </Td>
                <Td kind="action">{mayChange && <Unpin id={question.id} onDone={onChange} />}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

type Question = GoldenQuestions_ModelFragment["goldenQuestions"]["nodes"][number];

function Blocks({ question, mayChange }: { question: Question; mayChange: boolean }) {
  const block = useBlockByQuestion();
  if (!mayChange) return question.blocks ? <Badge tone="warn">blocks</Badge> : null;
  return (
    <Checkbox
      label={`"${question.text}" keeps versions that fail it from being published`}
      checked={question.blocks}
      onChange={async (blocks) => {
        const refused = await block(question.id, blocks, question.revision);
        if (refused) complain(refused);
      }}
    />
  );
}

function Unpin({ id, onDone }: { id: string; onDone: () => void }) {
  const unpin = useUnpinQuestion();
  return (
    <Confirm
      trigger={<Button look="quiet">Take away</Button>}
      title="Take this question away?"
      action="Take it away"
      onConfirm={async () => {
        const refused = await unpin(id);
        if (!refused) onDone();
        return refused;
      }}
    >
      Versions are held to it no longer.
    </Confirm>
  );
}
