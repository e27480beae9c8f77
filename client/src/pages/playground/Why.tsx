import { useState } from "react";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { Explanation } from "./Explanation";

interface WhyProps {
  model: string;
  text: string;
  label: string;
  scores: readonly { label: string }[];
}

/** The reasons for an answer, asked for when somebody wants them. */
export function Why({ model, text, label, scores }: WhyProps) {
  const [isOpen, setOpen] = useState(false);
  const [against, setAgainst] = useState("");
  const rivals = scores.filter((score) => score.label !== label);
  return (
    <section className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "Hide why" : "Why?"}
        </Button>
        {isOpen && rivals.length > 0 && (
          <div className="w-72 max-w-full">
            <Select
              label="Weighed against"
              choices={[
                { value: "", label: "Against all other labels" },
                ...rivals.map((rival) => ({ value: rival.label, label: `Against ${rival.label}` })),
              ]}
              value={against}
              onChange={setAgainst}
            />
          </div>
        )}
      </div>
      {isOpen && <Explanation model={model} text={text} against={against || null} />}
    </section>
  );
}
