import { CircleX } from "lucide-react";
import { ButtonLink } from "../../ui/Button";

/** A version that could not be read leads to why, and to reading it in another way. */
export function RejectedNotice({ datasetId, query }: { datasetId: string; query: string }) {
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-3 rounded-lg border border-bad bg-bad-soft p-4 text-bad"
    >
      <CircleX aria-hidden="true" className="size-5 shrink-0" />
      <p className="min-w-0 flex-1">This file could not be read as it is.</p>
      <ButtonLink to={`/datasets/${datasetId}/problems${query}`}>What is wrong</ButtonLink>
    </div>
  );
}
