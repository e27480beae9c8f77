import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { type FormEvent, useState, useTransition } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { graphql } from "../../gql";
import type { TrainingForm_VersionFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Field, Input } from "../../ui/Field";
import { Problem } from "../../ui/Problem";
import { CLUSTERERS, embeddersFor } from "./choices";
import { Estimate } from "./Estimate";
import { ChoiceField, FormContext, NumberField } from "./fields";
import { MoreSettings } from "./MoreSettings";
import { type Problems, problemsOf, type Settings, specOf, startFor } from "./settings";
import { useStartTraining } from "./useStartTraining";

const VERSION = graphql(`
  fragment TrainingForm_version on DatasetVersion {
    id
    kind
  }
`);

/** Before these may be seen to be wrong, the folded settings are opened. */
const ALWAYS_SEEN: ReadonlySet<string> = new Set(["modelName", "embedder", "clusterer", "maxRisk"]);

/** A training that one click starts, and all that may be said otherwise. */
export function TrainingForm({
  version: from,
}: {
  version: FragmentType<TrainingForm_VersionFragment>;
}) {
  const { data: version } = useSuspenseFragment({ fragment: VERSION, from });
  const [search] = useSearchParams();
  const [settings, setSettings] = useState(() => startFor(version.kind));
  const [modelName, setModelName] = useState(search.get("model") ?? "");
  const [refused, setRefused] = useState<Problems>({});
  const [rest, setRest] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [isStarting, begin] = useTransition();
  const start = useStartTraining();
  const navigate = useNavigate();

  const own = problemsOf(settings);
  const isSound = Object.keys(own).length === 0;
  const spec = isSound ? specOf(settings) : undefined;

  function change(changes: Partial<Settings>) {
    setSettings((before) => ({ ...before, ...changes }));
    setRefused({});
  }

  async function send() {
    if (!spec) return setOpen(true);
    const name = modelName.trim() || null;
    const asked = { datasetVersionId: version.id, modelName: name, spec };
    const { jobId, problems, rest: others } = await start(asked);
    if (jobId) return navigate(`/jobs/${jobId}`);
    setRefused(problems);
    setRest(others ?? "");
    if (Object.keys(problems).some((field) => !ALWAYS_SEEN.has(field))) setOpen(true);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    begin(async () => void (await send()));
  }

  return (
    <FormContext value={{ settings, problems: { ...refused, ...own }, change }}>
      <form onSubmit={submit} className="grid items-start gap-4 lg:grid-cols-[3fr_2fr]" noValidate>
        <Card title="How to train" className="flex flex-col gap-3">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              label="Model"
              hint="A new name makes a model, one of your models gets its next version."
              problem={refused.modelName}
            >
              <Input
                value={modelName}
                placeholder="named after the data set"
                onChange={(event) => {
                  setModelName(event.currentTarget.value);
                  setRefused({});
                }}
              />
            </Field>
            <NumberField
              name="maxRisk"
              label="Promise: at most % wrong"
              placeholder="promise nothing"
              hint="Among the answered: where it is not sure enough, it gives no answer. Empty answers everything."
            />
            <ChoiceField
              name="embedder"
              label="Embedder"
              hint="How rows become vectors."
              choices={embeddersFor(version.kind)}
            />
            <ChoiceField
              name="clusterer"
              label="Clusters"
              hint="How rows are grouped on the map."
              choices={CLUSTERERS}
            />
          </div>
          <p className="text-soft">
            <span className="font-medium text-ink">Classifier</span> – logistic regression on the
            vectors, with its strength chosen and its probabilities calibrated on rows held out.
          </p>
          <MoreSettings
            kind={version.kind}
            settings={settings}
            isOpen={isOpen}
            onOpenChange={setOpen}
          />
        </Card>
        <div className="flex flex-col gap-4 lg:sticky lg:top-16">
          <Estimate
            version={version.id}
            spec={spec}
            onEmbedder={(embedder) => change({ embedder })}
          />
          <Problem>{rest}</Problem>
          <Problem>{isSound ? "" : "Some settings cannot be used; they say why."}</Problem>
          <Button
            type="submit"
            look="primary"
            disabled={isStarting}
            className="justify-center py-2"
          >
            {isStarting ? "Starting …" : "Start training"}
          </Button>
        </div>
      </form>
    </FormContext>
  );
}
