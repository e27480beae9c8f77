import { type SubmitEvent, useState, useTransition } from "react";
import type { Outcome } from "../api/outcome";

/**
 * Sends a form by `send`, which answers with what came of it. Unlike a form's `action` it keeps
 * what was typed, so that a refused form can be mended.
 */
export function useSubmit(send: (form: FormData) => Promise<Outcome<unknown>>) {
  const [{ refusal, field }, setOutcome] = useState<Outcome<unknown>>({});
  const [isPending, start] = useTransition();
  return {
    isPending,
    /** What was said against one field. */
    problemAt: (name: string) => (field === name ? refusal : undefined),
    /** What was said, whether or not a field shows it. */
    problem: refusal ?? "",
    onSubmit(event: SubmitEvent<HTMLFormElement>) {
      event.preventDefault();
      const form = new FormData(event.currentTarget);
      start(async () => setOutcome(await send(form)));
    },
  };
}
