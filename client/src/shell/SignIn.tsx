import { useActionState } from "react";
import { problemOf } from "../api/problems";
import { session } from "../api/session";
import { Button } from "../ui/Button";
import { Field, Input } from "../ui/Field";

export function SignIn() {
  const [problem, submit, pending] = useActionState(signIn, "");
  return (
    <form action={submit} className="flex flex-col gap-3">
      <title>Sign in · Shoal</title>
      <p className="text-soft">Sign in to go on.</p>
      <Field label="Email">
        <Input name="email" type="email" autoComplete="username" required />
      </Field>
      <Field label="Password">
        <Input name="password" type="password" autoComplete="current-password" required />
      </Field>
      <Button look="primary" type="submit" disabled={pending} className="justify-center">
        {pending ? "Signing in …" : "Sign in"}
      </Button>
      <p role="alert" className="min-h-5 text-bad">
        {problem}
      </p>
    </form>
  );
}

async function signIn(_: string, form: FormData): Promise<string> {
  try {
    await session.signIn(String(form.get("email")), String(form.get("password")));
    return "";
  } catch (error) {
    return problemOf(error);
  }
}
