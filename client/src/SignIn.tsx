import { useActionState } from "react";
import { session } from "./session";

export function SignIn() {
  const [problem, submit, pending] = useActionState(signIn, "");
  return (
    <main className="sign-in">
      <form action={submit}>
        <img src="/favicon.svg" alt="" width="48" height="48" />
        <h1>Shoal</h1>
        <p>Sign in to explore the API.</p>
        <label>
          Email
          <input name="email" type="email" autoComplete="username" required />
        </label>
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <button type="submit" disabled={pending}>
          {pending ? "Signing in …" : "Sign in"}
        </button>
        <p role="alert">{problem}</p>
      </form>
    </main>
  );
}

async function signIn(_: string, form: FormData): Promise<string> {
  try {
    await session.signIn(String(form.get("email")), String(form.get("password")));
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
