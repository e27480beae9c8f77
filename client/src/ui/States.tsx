/** What a page shows when it has nothing, not yet, or not any more. */

import { CircleAlert, Inbox } from "lucide-react";
import type { ReactNode } from "react";
import { problemOf } from "../api/problems";
import { Button } from "./Button";

interface EmptyProps {
  title: string;
  /** What to do about it. */
  children?: ReactNode;
  action?: ReactNode;
}

export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-lg border border-dashed border-line p-8 text-center">
      <Inbox aria-hidden="true" className="size-8 text-soft" />
      <p className="font-medium">{title}</p>
      {children && <div className="max-w-prose text-balance text-soft">{children}</div>}
      {action}
    </div>
  );
}

/** Grey lines where text will be. */
export function Loading({ lines = 4 }: { lines?: number }) {
  return (
    <div role="status" className="flex animate-pulse flex-col gap-3 p-4 md:p-6">
      <span className="sr-only">Loading …</span>
      {Array.from({ length: lines }, (_, line) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
          key={line}
          className="h-5 rounded bg-raised"
          style={{ width: `${90 - ((line * 23) % 40)}%` }}
        />
      ))}
    </div>
  );
}

interface FailureProps {
  error: unknown;
  onRetry?: () => void;
}

export function Failure({ error, onRetry }: FailureProps) {
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-3 rounded-lg border border-bad bg-bad-soft p-4 text-bad"
    >
      <CircleAlert aria-hidden="true" className="size-5 shrink-0" />
      <p className="min-w-0 flex-1">{problemOf(error)}</p>
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}
