import { useState } from "react";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { SecretOnce } from "../../ui/SecretOnce";
import { useRotateSecret } from "./useRotateSecret";

export function RotateSecret({ id }: { id: string }) {
  const [secret, setSecret] = useState<string>();
  const rotate = useRotateSecret();
  return (
    <>
      <Confirm
        trigger={<Button>New secret</Button>}
        title="Make a new secret?"
        action="Make a new secret"
        onConfirm={async () => {
          const { done, refusal } = await rotate(id);
          setSecret(done?.secret ?? undefined);
          return refusal;
        }}
      >
        For 24 hours requests are signed with the old one as well, so that the receiver can be moved
        to the new one without a pause.
      </Confirm>
      <SecretOnce
        title="The new secret"
        label="Signing secret"
        hint="Give it to the receiver within 24 hours."
        secret={secret}
        onClose={() => setSecret(undefined)}
      />
    </>
  );
}
