import { useActionState } from "react";
import { apiKey } from "../api/apiKey";
import { holderOf } from "../api/keyHolder";
import { problemOf } from "../api/problems";
import { Button } from "../ui/Button";
import { Field, Input } from "../ui/Field";

/** GraphiQL with an API key: for partners, who have no password here, and to try what a key may. */
export function KeyForm({ onTaken }: { onTaken?: () => void }) {
  const [problem, submit, pending] = useActionState(async (_: string, form: FormData) => {
    const key = String(form.get("key")).trim();
    try {
      await holderOf(key);
    } catch (error) {
      return problemOf(error);
    }
    apiKey.take(key);
    onTaken?.();
    return "";
  }, "");
  return (
    <form action={submit} className="flex flex-col gap-3">
      <Field label="API key" hint="Kept in this tab until you leave it or close the tab.">
        <Input name="key" type="password" autoComplete="off" spellCheck={false} required />
      </Field>
      <Button type="submit" disabled={pending} className="justify-center">
        {pending ? "Asking …" : "Explore with the key"}
      </Button>
      {problem && (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
    </form>
  );
}
