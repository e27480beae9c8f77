import { useTransition } from "react";
import { Button } from "../../ui/Button";
import { complain } from "../../ui/toast";
import { useResend } from "./useResend";

/** Sends an event again, under the same id, with all its tries. */
export function Resend({ id, onResent }: { id: string; onResent: () => void }) {
  const resend = useResend();
  const [isPending, start] = useTransition();
  return (
    <Button
      disabled={isPending}
      onClick={() =>
        start(async () => {
          const refusal = await resend(id);
          if (refusal) complain(refusal);
          else onResent();
        })
      }
    >
      Send again
    </Button>
  );
}
