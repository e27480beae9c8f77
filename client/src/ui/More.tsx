import { useTransition } from "react";
import { Button } from "./Button";

interface MoreProps {
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  onMore: (after: string | null) => Promise<unknown>;
}

/** The next page of a list, below what is there. */
export function More({ pageInfo, onMore }: MoreProps) {
  const [isPending, start] = useTransition();
  if (!pageInfo.hasNextPage) return null;
  return (
    <div className="mt-2 flex justify-center">
      <Button
        disabled={isPending}
        onClick={() => start(async () => void (await onMore(pageInfo.endCursor)))}
      >
        {isPending ? "Loading …" : "Show more"}
      </Button>
    </div>
  );
}
