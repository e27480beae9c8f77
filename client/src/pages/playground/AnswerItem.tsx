import type { FragmentType } from "@apollo/client/masking";
import { ChevronRight } from "lucide-react";
import type { AnswerCard_VersionFragment } from "../../gql/graphql";
import { percent } from "../../ui/words";
import { AnswerCard } from "./AnswerCard";
import type { Answer } from "./Asking";
import { DecisionBadge } from "./DecisionBadge";

interface AnswerItemProps {
  text: string;
  model: string;
  version: FragmentType<AnswerCard_VersionFragment>;
  answer: Answer | undefined;
  isOpen: boolean;
  onToggle: () => void;
}

export function AnswerItem({ text, model, version, answer, isOpen, onToggle }: AnswerItemProps) {
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        disabled={!answer}
        onClick={onToggle}
        className="flex w-full cursor-pointer items-start gap-2 px-3 py-2 text-left hover:bg-raised disabled:cursor-default"
      >
        <ChevronRight
          aria-hidden="true"
          className={`mt-0.5 size-4 shrink-0 text-soft ${isOpen ? "rotate-90" : ""}`}
        />
        <span className="min-w-0 flex-1">
          <span className="line-clamp-2 wrap-anywhere">{text}</span>
          <span className="flex flex-wrap items-center gap-2 text-soft">
            {answer ? (
              <>
                <span className="min-w-0 font-medium wrap-anywhere text-ink">{answer.label}</span>
                <span className="tabular-nums">{percent(answer.probability)}</span>
                <DecisionBadge decision={answer.decision} />
              </>
            ) : (
              "…"
            )}
          </span>
        </span>
      </button>
      {isOpen && answer && (
        <div className="border-t border-line p-3">
          <AnswerCard model={model} version={version} answer={answer} />
        </div>
      )}
    </li>
  );
}
