import { Button } from "../../ui/Button";
import type { Example } from "./examples";

interface ExamplePickProps {
  examples: readonly Example[];
  onPick: (example: Example) => void;
}

/** Fills the form with a subscription that works. */
export function ExamplePick({ examples, onPick }: ExamplePickProps) {
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="mb-1 text-soft">Begin with an example</legend>
      {examples.map((example) => (
        <Button key={example.title} onClick={() => onPick(example)}>
          {example.title}
        </Button>
      ))}
    </fieldset>
  );
}
