import { useState, useTransition } from "react";
import type { DataKind, JobStatus } from "../../gql/graphql";
import { Button, ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Estimate } from "../training/Estimate";
import { specOf, startFor } from "../training/settings";
import { useStartTraining } from "../training/useStartTraining";
import { Underway } from "./Underway";

interface TrainStepProps {
  version: { id: string; kind: DataKind };
  training: { id: string; status: JobStatus } | undefined;
  isDone: boolean;
  onChange: () => void;
  onNext: () => void;
}

/** One click with the settings that need no change; what it takes is told before. */
export function TrainStep({ version, training, isDone, onChange, onNext }: TrainStepProps) {
  const [settings, setSettings] = useState(() => startFor(version.kind));
  const [problem, setProblem] = useState("");
  const [isStarting, begin] = useTransition();
  const start = useStartTraining();
  const spec = specOf(settings);

  function train() {
    begin(async () => {
      const { jobId, problems, rest } = await start({ datasetVersionId: version.id, spec });
      setProblem(rest ?? Object.values(problems)[0] ?? "");
      if (jobId) onChange();
    });
  }

  if (isDone) {
    return (
      <Card
        title="A model is trained"
        actions={
          <Button look="primary" onClick={onNext}>
            See how good it is
          </Button>
        }
      >
        Every training on the same name makes the next version.
      </Card>
    );
  }
  const isUnderway = training && training.status !== "FAILED" && training.status !== "CANCELLED";
  return (
    <>
      {training && <Underway key={training.id} jobId={training.id} onEnd={onChange} />}
      {!isUnderway && (
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Card title="Train a model">
            <p className="mb-3 text-soft">
              The texts become vectors, are grouped, and a classifier learns the labels. A fifth of
              the rows is held out, to tell how good it is.
            </p>
            <div className="flex flex-wrap gap-2">
              <Button look="primary" disabled={isStarting} onClick={train}>
                {isStarting ? "Starting …" : "Start training"}
              </Button>
              <ButtonLink to={`/train?version=${version.id}`}>Choose settings</ButtonLink>
            </div>
            {problem && (
              <p role="alert" className="mt-3 text-bad">
                {problem}
              </p>
            )}
          </Card>
          <Estimate
            version={version.id}
            spec={spec}
            onEmbedder={(embedder) => setSettings((before) => ({ ...before, embedder }))}
          />
        </div>
      )}
    </>
  );
}
