import { UserPlus } from "lucide-react";
import { useState } from "react";
import type { Role } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Dialog, DialogClose } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Field";
import { SecretOnce } from "../../ui/SecretOnce";
import { Select } from "../../ui/Select";
import { useSubmit } from "../../ui/useSubmit";
import { invitationLink } from "./invitationWords";
import { useInvite } from "./useInvite";

const ROLES: readonly { value: Role; label: string }[] = [
  { value: "USER", label: "User: their own data sets and models" },
  { value: "ADMIN", label: "Admin: everything, for everybody" },
];

/** A button, whom to invite, and then the link to hand over. */
export function InviteUser({ onInvited }: { onInvited: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const [role, setRole] = useState<Role>("USER");
  const [token, setToken] = useState<string>();
  const invite = useInvite();
  const { onSubmit, isPending, problem } = useSubmit(async (form) => {
    const outcome = await invite({ email: String(form.get("email")), role });
    if (outcome.done?.token) {
      setOpen(false);
      setToken(outcome.done.token);
    }
    return outcome;
  });
  return (
    <>
      <Dialog
        title="Invite somebody"
        description="You get a link, which makes one account. Hand it over by a way that you trust."
        open={isOpen}
        onOpenChange={setOpen}
        trigger={
          <Button look="primary">
            <UserPlus aria-hidden="true" className="size-4" /> Invite
          </Button>
        }
      >
        <form onSubmit={onSubmit} className="flex flex-col gap-4">
          <Field label="Email">
            <Input name="email" type="email" required />
          </Field>
          <Field label="Role">
            <Select choices={ROLES} value={role} onChange={setRole} />
          </Field>
          <p role="alert" className="text-bad empty:hidden">
            {problem}
          </p>
          <div className="flex justify-end gap-2">
            <DialogClose render={<Button>Cancel</Button>} />
            <Button look="primary" type="submit" disabled={isPending}>
              Make the link
            </Button>
          </div>
        </form>
      </Dialog>
      <SecretOnce
        title="The link to join"
        label="Invitation link"
        hint="Whoever opens it first makes the account. It can be used once."
        secret={token && invitationLink(location.origin, token)}
        onClose={() => {
          setToken(undefined);
          onInvited();
        }}
      />
    </>
  );
}
