import { Plus } from "lucide-react";
import { useState } from "react";
import type { Scope } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { SecretOnce } from "../../ui/SecretOnce";
import type { Choice } from "../../ui/Select";
import { CreateKeyForm } from "./CreateKeyForm";

interface CreateKeyProps {
  /** What the viewer may do: a key never may more. */
  scopes: readonly Scope[];
  models: readonly Choice<string>[];
  onCreated: () => void;
}

/** A button, its form, and then the key, shown once. */
export function CreateKey({ scopes, models, onCreated }: CreateKeyProps) {
  const [isOpen, setOpen] = useState(false);
  const [secret, setSecret] = useState<string>();
  return (
    <>
      <Dialog
        title="New key"
        open={isOpen}
        onOpenChange={setOpen}
        trigger={
          <Button look="primary">
            <Plus aria-hidden="true" className="size-4" /> New key
          </Button>
        }
      >
        <CreateKeyForm
          scopes={scopes}
          models={models}
          onCreated={(key) => {
            setOpen(false);
            setSecret(key);
            onCreated();
          }}
        />
      </Dialog>
      <SecretOnce
        title="Your new key"
        label="API key"
        hint="Send it as the header `Authorization: Bearer …`, and keep it where only the program can read it."
        secret={secret}
        onClose={() => setSecret(undefined)}
      />
    </>
  );
}
