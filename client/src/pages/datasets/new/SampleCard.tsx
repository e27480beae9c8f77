import { Sparkles } from "lucide-react";
import { Button } from "../../../ui/Button";
import { Card } from "../../../ui/Card";
import { complain } from "../../../ui/toast";
import { counted } from "../../../ui/words";
import { SAMPLE, SAMPLE_NAME } from "./sample";
import { useCreateDataset } from "./useCreateDataset";

/** The first data set at one click, for who has no file at hand. */
export function SampleCard({ onMade }: { onMade: (id: string) => void }) {
  const create = useCreateDataset();

  async function take() {
    const description = "Made up by Shoal, to look around with.";
    const { id, refusal } = await create({ name: SAMPLE_NAME, description, rows: [...SAMPLE] });
    if (refusal) complain(refusal);
    if (id) onMade(id);
  }

  return (
    <Card title="No file at hand?">
      <p className="mb-3 text-soft">
        {counted(SAMPLE.length, "message")} to a shop under four labels: enough to train a first
        model within a minute.
      </p>
      <Button onClick={take}>
        <Sparkles aria-hidden="true" className="size-4" /> Use the sample data
      </Button>
    </Card>
  );
}
