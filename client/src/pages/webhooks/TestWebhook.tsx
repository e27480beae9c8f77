import { useState, useTransition } from "react";
import { Button } from "../../ui/Button";
import { Code } from "../../ui/Code";
import { Dialog, DialogClose } from "../../ui/Dialog";
import { complain, note } from "../../ui/toast";
import { requestText, type WebhookRequest } from "./requestText";
import { useTestWebhook } from "./useTestWebhook";

interface Shown {
  request: WebhookRequest;
  isSample: boolean;
}

/** Shows the request for the newest event to the last byte; sends it only when that is asked. */
export function TestWebhook({ id, onSent }: { id: string; onSent: () => void }) {
  const test = useTestWebhook();
  const [shown, setShown] = useState<Shown>();
  const [isPending, start] = useTransition();

  function look() {
    start(async () => {
      const { done, refusal } = await test(id, false);
      if (refusal) complain(refusal);
      if (done?.request) setShown({ request: done.request, isSample: done.isSample ?? false });
    });
  }

  function send() {
    start(async () => {
      const { refusal } = await test(id, true);
      if (refusal) return complain(refusal);
      setShown(undefined);
      note("The test is under way", "Its delivery is listed with the others.");
      onSent();
    });
  }

  return (
    <>
      <Button disabled={isPending} onClick={look}>
        Test
      </Button>
      <Dialog
        title="What would be sent"
        description={
          shown?.isSample ? "Nothing has happened yet: the event is made up." : "The newest event."
        }
        open={shown !== undefined}
        onOpenChange={(open) => {
          if (!open) setShown(undefined);
        }}
      >
        {shown && <Code label="The request" text={requestText(shown.request)} />}
        <div className="flex justify-end gap-2">
          <DialogClose render={<Button>Close</Button>} />
          <Button look="primary" disabled={isPending} onClick={send}>
            Send it once
          </Button>
        </div>
      </Dialog>
    </>
  );
}
