import { KeyRound } from "lucide-react";
import { Suspense, use, useState } from "react";
import { apiKey } from "../../api/apiKey";
import { holderOf } from "../../api/keyHolder";
import { session } from "../../api/session";
import { KeyForm } from "../../shell/KeyForm";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { complain } from "../../ui/toast";
import { useCaller } from "./caller";

/** In whose name one asks, and how to change that. */
export function Who() {
  const { key, viewer } = useCaller();
  if (key) {
    return (
      <span className="who">
        <KeyRound aria-hidden="true" className="size-4" />
        <Suspense fallback="…">
          <Holder apiKey={key} />
        </Suspense>
        <Button onClick={apiKey.leave}>{viewer ? "Back to my session" : "Leave the key"}</Button>
      </span>
    );
  }
  return (
    <span className="who">
      <span className="email">{viewer?.email}</span>
      <UseKey />
      <Button onClick={() => session.signOut().catch(complain)}>Sign out</Button>
    </span>
  );
}

function UseKey() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog
      title="Use an API key instead"
      description="Everything is asked with the key, as a program would, until you leave it."
      trigger={<Button>Use an API key</Button>}
      open={isOpen}
      onOpenChange={setOpen}
    >
      <KeyForm onTaken={() => setOpen(false)} />
    </Dialog>
  );
}

const holders = new Map<string, Promise<string>>();

function Holder({ apiKey }: { apiKey: string }) {
  let holder = holders.get(apiKey);
  if (!holder) {
    holder = holderOf(apiKey).catch(() => "a key that the server refuses");
    holders.set(apiKey, holder);
  }
  return <span className="email">{use(holder)}</span>;
}
