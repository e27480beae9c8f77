import { useSuspenseQuery } from "@apollo/client/react";
import { useState } from "react";
import { graphql } from "../../../gql";
import { Button, ButtonLink } from "../../../ui/Button";
import { Field } from "../../../ui/Field";
import { Problem } from "../../../ui/Problem";
import { Select } from "../../../ui/Select";
import { Empty } from "../../../ui/States";
import { useAddress } from "../../../ui/useAddress";
import { useDatasetPlace } from "../place";
import { editsInWords, type RowFix } from "./fixes";
import { useTryFixes } from "./useTryFixes";

const TRAINED = graphql(`
  query TrainedFrom($datasetId: ID!) {
    jobs(first: 50, filter: { datasetId: $datasetId, kind: TRAIN, statuses: [SUCCEEDED] }) {
      nodes {
        id
        modelVersion { id number model { id name } }
        datasetVersion { id number }
      }
    }
  }
`);

interface TryFormProps {
  fixes: readonly RowFix[];
  onClose: () => void;
}

/** On which model the fixes are tried: one that was trained from this data set. */
export function TryForm({ fixes, onClose }: TryFormProps) {
  const { datasetId, version } = useDatasetPlace();
  const [, change] = useAddress();
  const { data } = useSuspenseQuery(TRAINED, {
    variables: { datasetId },
    fetchPolicy: "cache-and-network",
  });
  const choices = data.jobs.nodes.flatMap(({ modelVersion, datasetVersion }) => {
    if (!modelVersion) return [];
    const from =
      datasetVersion?.id === version.id ? "" : `, from version ${datasetVersion?.number}`;
    const label = `${modelVersion.model?.name} ${modelVersion.number}${from}`;
    return [{ value: modelVersion.id, label }];
  });
  const [chosen, setChosen] = useState(choices[0]?.value ?? "");
  const [problem, setProblem] = useState("");
  const tryFixes = useTryFixes();

  async function start() {
    const { trialId, refusal } = await tryFixes(chosen, fixes);
    setProblem(refusal ?? "");
    if (!trialId) return;
    onClose();
    // stay at this version when the fixes make a newer one
    change({ trial: trialId, version: version.id });
  }

  if (choices.length === 0) {
    return (
      <Empty
        title="No model was trained from this data set yet"
        action={<ButtonLink to={`/train?version=${version.id}`}>Train a model</ButtonLink>}
      />
    );
  }
  return (
    <>
      <Field label="Model" hint="Those that were trained from this data set, newest first.">
        <Select label="Model" choices={choices} value={chosen} onChange={setChosen} />
      </Field>
      <p className="text-soft">{editsInWords(fixes)}.</p>
      <Problem>{problem}</Problem>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" onClick={start}>
          Try them
        </Button>
      </div>
    </>
  );
}
