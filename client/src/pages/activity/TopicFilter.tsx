import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import type { Topic } from "../../gql/graphql";
import { plainName } from "../../ui/words";

const TOPICS: readonly Topic[] = [
  "JOB",
  "DATASET",
  "MODEL",
  "PREDICTION",
  "ACCOUNT",
  "WORKER",
  "WEBHOOK",
];

interface TopicFilterProps {
  topics: readonly Topic[];
  onChange: (topics: readonly Topic[]) => void;
}

/** What to be told about; nothing chosen is all of it. */
export function TopicFilter({ topics, onChange }: TopicFilterProps) {
  return (
    <ToggleGroup
      aria-label="What to show"
      multiple
      value={topics}
      onValueChange={(next) => onChange(TOPICS.filter((topic) => next.includes(topic)))}
      className="flex flex-wrap gap-2"
    >
      {TOPICS.map((topic) => (
        <Toggle
          key={topic}
          value={topic}
          className="rounded-full border border-line bg-surface px-3 py-1 data-pressed:border-accent data-pressed:bg-accent-soft data-pressed:text-accent"
        >
          {plainName(topic)}s
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
