import { useRef } from "react";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Field, Input } from "../../ui/Field";
import { Problem } from "../../ui/Problem";
import { note } from "../../ui/toast";
import { useSubmit } from "../../ui/useSubmit";
import { useChangePassword } from "./useChangePassword";

interface ChangePasswordProps {
  /** For the browser's keeper of passwords. */
  email: string;
  onChanged: () => void;
}

export function ChangePassword({ email, onChanged }: ChangePasswordProps) {
  const form = useRef<HTMLFormElement>(null);
  const change = useChangePassword();
  const { onSubmit, isPending, problem, problemAt } = useSubmit(async (typed) => {
    const outcome = await change(
      String(typed.get("oldPassword")),
      String(typed.get("newPassword")),
    );
    if (outcome.done) {
      form.current?.reset();
      note("The password was changed", "All other browsers are signed out.");
      onChanged();
    }
    return outcome;
  });
  return (
    <Card title="Password">
      <form ref={form} onSubmit={onSubmit} className="flex flex-col gap-3">
        <input type="hidden" name="email" autoComplete="username" value={email} />
        <Field label="Old password" problem={problemAt("oldPassword")}>
          <Input name="oldPassword" type="password" autoComplete="current-password" required />
        </Field>
        <Field
          label="New password"
          hint="At least 10 characters. It ends all your other sessions."
          problem={problemAt("newPassword")}
        >
          <Input
            name="newPassword"
            type="password"
            autoComplete="new-password"
            minLength={10}
            maxLength={256}
            required
          />
        </Field>
        <Problem>{problem}</Problem>
        <Button look="primary" type="submit" disabled={isPending} className="self-start">
          Change the password
        </Button>
      </form>
    </Card>
  );
}
