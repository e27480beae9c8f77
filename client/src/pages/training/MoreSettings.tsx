import { Collapsible } from "@base-ui/react/collapsible";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import type { DataKind } from "../../gql/graphql";
import { buttonClass } from "../../ui/Button";
import { GIVEN, PRECISIONS, RARE, STRANDS, WORDS } from "./choices";
import { ChoiceField, NumberField } from "./fields";
import type { Settings } from "./settings";

interface MoreSettingsProps {
  kind: DataKind;
  settings: Settings;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** What hardly anybody needs to change, folded away. */
export function MoreSettings({ kind, settings, isOpen, onOpenChange }: MoreSettingsProps) {
  const { embedder, clusterer, rare } = settings;
  return (
    <Collapsible.Root open={isOpen} onOpenChange={(next) => onOpenChange(next)}>
      <Collapsible.Trigger className={buttonClass("quiet", "group -ml-2 px-2")}>
        <ChevronRight aria-hidden="true" className="size-4 group-data-panel-open:rotate-90" />
        More settings
      </Collapsible.Trigger>
      <Collapsible.Panel className="flex flex-col gap-5 pt-3">
        <Group name="Vectors">
          {embedder === "SENTENCE_TRANSFORMER" && (
            <ChoiceField name="precision" label="Arithmetic" choices={PRECISIONS} />
          )}
          {embedder === "TFIDF" && <NumberField name="dimensions" label="Vector length" />}
          {embedder === "KMER" && (
            <>
              <NumberField name="k" label="Letters in a word" hint="3 to 8." />
              <ChoiceField name="strands" label="Strands" choices={STRANDS} />
            </>
          )}
          {kind === "SEQUENCE" && (
            <NumberField
              name="pieces"
              label="Also learn from pieces of"
              placeholder="whole sequences alone"
              hint="Letters; about the length of reads that are much shorter than what is learnt from."
            />
          )}
        </Group>
        <Group name="Clusters">
          {clusterer === "LEIDEN" && (
            <NumberField
              name="resolution"
              label="Resolution"
              hint="A higher one gives more clusters."
            />
          )}
          {clusterer === "KMEANS" && (
            <NumberField name="clusters" label="How many clusters" placeholder="what fits best" />
          )}
          {clusterer === "HDBSCAN" && (
            <NumberField name="minClusterSize" label="Rows in the smallest cluster" />
          )}
        </Group>
        <Group name="Classifier">
          <NumberField
            name="c"
            label="Inverse regularisation"
            placeholder="chosen by itself"
            hint="Higher fits the rows more closely."
          />
          <ChoiceField name="words" label="Read words beside vectors" choices={WORDS} />
          <NumberField
            name="abstainBelow"
            label="Give no answer below, %"
            hint="Probability; 0 always answers."
          />
        </Group>
        <Group name="Promise">
          <NumberField
            name="coverage"
            label="Right label in the prediction set, %"
            hint="Of texts; 50 to 99.9."
          />
          <NumberField
            name="outShare"
            label="Familiar texts called strange, %"
            hint="At most so many; 0 calls none strange."
          />
        </Group>
        <Group name="Rows">
          <NumberField name="testShare" label="Held out for the test, %" />
          <ChoiceField name="useGiven" label="Which rows" choices={GIVEN} />
          <ChoiceField name="rare" label="Rare labels" choices={RARE} />
          {rare !== "KEEP" && (
            <NumberField
              name="minRows"
              label="Rare is fewer rows than"
              hint="Equal texts count once."
            />
          )}
          <NumberField
            name="maxRows"
            label="Train on at most"
            placeholder="all rows"
            hint="Rows; a sample that keeps the labels' shares."
          />
          <NumberField name="seed" label="Seed" hint="The same seed gives the same model." />
        </Group>
      </Collapsible.Panel>
    </Collapsible.Root>
  );
}

function Group({ name, children }: { name: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="mb-2 font-semibold">{name}</legend>
      <div className="grid gap-4 sm:grid-cols-2">{children}</div>
    </fieldset>
  );
}
