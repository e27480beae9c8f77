import { clsx } from "clsx";
import { Check } from "lucide-react";
import { Link } from "react-router";
import type { Step } from "./steps";

interface StepListProps {
  steps: readonly Step[];
  current: number | undefined;
}

/** The five steps with what is done; each has an address. */
export function StepList({ steps, current }: StepListProps) {
  return (
    <nav aria-label="Steps">
      <ol className="grid gap-2 sm:grid-cols-5">
        {steps.map(({ number, name, isDone }) => (
          <li key={number}>
            <Link
              to={`?step=${number}`}
              aria-current={number === current ? "step" : undefined}
              className={clsx(
                "flex items-center gap-2 rounded-lg border px-3 py-2",
                number === current
                  ? "border-accent bg-accent-soft font-medium text-accent"
                  : "border-line bg-surface hover:bg-raised",
              )}
            >
              <span
                className={clsx(
                  "grid size-6 shrink-0 place-items-center rounded-full text-xs font-semibold",
                  isDone ? "bg-good-soft text-good" : "bg-raised text-ink",
                )}
              >
                {isDone ? <Check aria-label="Done:" className="size-4" /> : number}
              </span>
              {name}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
