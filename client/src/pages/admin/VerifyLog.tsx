import { ShieldCheck } from "lucide-react";
import { useState, useTransition } from "react";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { complain } from "../../ui/toast";
import { count, counted } from "../../ui/words";
import { useVerifyLog } from "./useVerifyLog";
import { type Verdict, verified } from "./verifying";

/** Whether all entries are as they were written, and none is missing. */
export function VerifyLog() {
  const ask = useVerifyLog();
  const [checked, setChecked] = useState(0);
  const [verdict, setVerdict] = useState<Verdict>();
  const [isPending, start] = useTransition();

  function verify() {
    setChecked(0);
    start(() => verified(ask, setChecked).then(setVerdict, complain));
  }

  return (
    <>
      <Button disabled={isPending} onClick={verify}>
        <ShieldCheck aria-hidden="true" className="size-4" />
        {isPending && checked > 0 ? `${count(checked)} checked …` : "Verify"}
      </Button>
      <Dialog
        title={verdict?.brokenAt == null ? "The log is whole" : "The log is broken"}
        open={verdict !== undefined}
        onOpenChange={() => setVerdict(undefined)}
      >
        {verdict && <Told verdict={verdict} />}
        <Button className="self-end" onClick={() => setVerdict(undefined)}>
          Close
        </Button>
      </Dialog>
    </>
  );
}

function Told({ verdict: { checked, last, brokenAt, why } }: { verdict: Verdict }) {
  if (brokenAt !== null) {
    return (
      <p className="text-bad">
        Entry {brokenAt} is wrong or gone: {why}.
      </p>
    );
  }
  return (
    <>
      <p className="text-good">
        {counted(checked, "entry is", "entries are")} as written, with none missing between them.
      </p>
      {last && (
        <p className="text-soft">
          Keep the number {last.number} and its hash elsewhere, to tell later whether the log was
          cut off: <code className="text-xs break-all">{last.hash}</code>
        </p>
      )}
    </>
  );
}
