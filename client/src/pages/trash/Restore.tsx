import { useTransition } from "react";
import type { TrashedKind } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { complain, note } from "../../ui/toast";
import { useRestore } from "./useRestore";

interface RestoreProps {
  thing: { id: string; kind: TrashedKind; name: string; revision: number };
  onRestored: () => void;
}

export function Restore({ thing, onRestored }: RestoreProps) {
  const restore = useRestore();
  const [isPending, start] = useTransition();
  return (
    <Button
      disabled={isPending}
      onClick={() =>
        start(async () => {
          const refusal = await restore(thing);
          if (refusal) complain(refusal);
          else note(`${thing.name} is back`, "As it was when it was deleted.");
          onRestored();
        })
      }
    >
      Restore
    </Button>
  );
}
