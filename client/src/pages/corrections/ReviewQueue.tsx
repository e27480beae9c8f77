import type { FragmentType } from "@apollo/client/masking";
import { Check, X } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import type { Review, ReviewItem_PredictionFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { complain } from "../../ui/toast";
import { ReviewItem } from "./ReviewItem";
import { useReview } from "./useReview";

type Correction = {
  id: string;
  revision: number;
} & FragmentType<ReviewItem_PredictionFragment>;

interface ReviewQueueProps {
  modelId: string;
  corrections: readonly Correction[];
  onReviewed: () => Promise<unknown>;
}

const KEYS: Readonly<Record<string, Review>> = { a: "ACCEPTED", r: "REJECTED" };
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

/** Corrections to be judged, one at a time or those that were chosen together. */
export function ReviewQueue({ modelId, corrections, onReviewed }: ReviewQueueProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isBusy, setBusy] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const review = useReview(modelId);
  const picked = corrections.filter(({ id }) => chosen.has(id));

  function choose(id: string) {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  }

  async function judge(which: readonly Correction[], verdict: Review) {
    if (isBusy || which.length === 0) return;
    setBusy(true);
    const refusal = await review(which, verdict);
    if (refusal) complain(refusal);
    await onReviewed().catch(complain);
    setChosen(new Set());
    setBusy(false);
    // the judged one is gone from under the keyboard: it goes on with the first that waits
    if (!list.current?.contains(document.activeElement)) focusOn(0);
  }

  function focusOn(place: number) {
    list.current?.querySelectorAll<HTMLElement>("[data-correction]")[place]?.focus();
  }

  function press(event: KeyboardEvent<HTMLElement>) {
    const item = (event.target as HTMLElement).closest<HTMLElement>("[data-correction]");
    const place = corrections.findIndex(({ id }) => id === item?.dataset["correction"]);
    const current = corrections[place];
    if (!current || event.ctrlKey || event.metaKey || event.altKey) return;
    const verdict = KEYS[event.key];
    const step = STEPS[event.key];
    if (verdict) judge(picked.length > 0 ? picked : [current], verdict);
    else if (step) focusOn(Math.max(0, place + step));
    else if (event.key === "x") choose(current.id);
    else return;
    event.preventDefault();
  }

  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          disabled={isBusy}
          onClick={() => setChosen(new Set(picked.length ? [] : corrections.map(({ id }) => id)))}
        >
          {picked.length > 0 ? "Choose none" : "Choose all"}
        </Button>
        <Button disabled={isBusy || picked.length === 0} onClick={() => judge(picked, "ACCEPTED")}>
          <Check aria-hidden="true" className="size-4" /> Accept {picked.length}
        </Button>
        <Button disabled={isBusy || picked.length === 0} onClick={() => judge(picked, "REJECTED")}>
          <X aria-hidden="true" className="size-4" /> Reject {picked.length}
        </Button>
        <p className="text-xs text-soft">
          In the list: <kbd>↓</kbd> <kbd>↑</kbd> walk, <kbd>a</kbd> accepts, <kbd>r</kbd> rejects,{" "}
          <kbd>x</kbd> chooses.
        </p>
      </div>
      <ul
        ref={list}
        aria-label="Corrections to review"
        onKeyDown={press}
        className="flex flex-col divide-y divide-line rounded-md border border-line bg-surface"
      >
        {corrections.map((correction) => (
          <ReviewItem
            key={correction.id}
            id={correction.id}
            correction={correction}
            isChosen={chosen.has(correction.id)}
            onChoose={() => choose(correction.id)}
            onJudge={(verdict) => judge([correction], verdict)}
          />
        ))}
      </ul>
    </>
  );
}
