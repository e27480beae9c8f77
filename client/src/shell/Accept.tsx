import { useActionState } from "react";
import { problemOf } from "../api/problems";
import { session } from "../api/session";
import { Button } from "../ui/Button";
import { Field, Input } from "../ui/Field";

/** The end of an invitation's link: a name and a password make an account. */
export function Accept({ invitation }: { invitation: string }) {
  const [problem, submit, pending] = useActionState(accept.bind(null, invitation), "");
  return (
    <form action={submit} className="flex flex-col gap-3">
      <title>Join · Shoal</title>
      <p className="text-soft">You were invited. Choose a name and a password.</p>
      <Field label="Name">
        <Input name="name" autoComplete="name" maxLength={100} required />
      </Field>
      <Field label="Password" hint="At least 10 characters.">
        <Input
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={10}
          required
        />
      </Field>
      <Button look="primary" type="submit" disabled={pending} className="justify-center">
        {pending ? "Joining …" : "Join"}
      </Button>
      <p role="alert" className="min-h-5 text-bad">
        {problem}
      </p>
    </form>
  );
}

async function accept(invitation: string, _: string, form: FormData): Promise<string> {
  try {
    await session.accept(invitation, String(form.get("name")), String(form.get("password")));
    history.replaceState(null, "", "/");
    return "";
  } catch (error) {
    return problemOf(error);
  }
}
