import { UserPlus } from "lucide-react";
import { useState } from "react";
import type { Role } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Field, Input } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { SecretOnce } from "../../ui/SecretOnce";
import { Select } from "../../ui/Select";
import { invitationLink } from "./invitationWords";
import { useInvite } from "./useInvite";

const ROLES: readonly { value: Role; label: string }[] = [
  { value: "USER", label: "User: their own data sets and models" },
  { value: "ADMIN", label: "Admin: everything, for everybody" },
];

/** A button, whom to invite, and then the link to hand over. */
export function InviteUser({ onInvited }: { onInvited: () => void }) {
  const [role, setRole] = useState<Role>("USER");
  const [token, setToken] = useState<string>();
  const invite = useInvite();

  async function send(form: FormData) {
    const outcome = await invite({ email: String(form.get("email")), role });
    setToken(outcome.done?.token ?? undefined);
    return outcome;
  }

  return (
    <>
      <FormDialog
        title="Invite somebody"
        description="You get a link, which makes one account. Hand it over by a way that you trust."
        trigger={
          <Button look="primary">
            <UserPlus aria-hidden="true" className="size-4" /> Invite
          </Button>
        }
        action="Make the link"
        send={send}
      >
        {(problemAt) => (
          <>
            <Field label="Email" problem={problemAt("email")}>
              <Input name="email" type="email" required />
            </Field>
            <Field label="Role">
              <Select choices={ROLES} value={role} onChange={setRole} />
            </Field>
          </>
        )}
      </FormDialog>
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
