import { type SubmitEvent, useState, useTransition } from "react";
import type { Outcome } from "../api/outcome";

/**
 * Sends a form by `send`, which answers with what came of it. Unlike a form's `action` it keeps
 * what was typed, so that a refused form can be mended. Its fields have the names of the API's.
 */
export function useSubmit(send: (form: FormData) => Promise<Outcome<unknown>>) {
  const [problem, setProblem] = useState<{ message: string; at?: string }>();
  const [isPending, start] = useTransition();
  return {
    isPending,
    /** What was said against the field of this name. */
    problemAt: (name: string) => (problem?.at === name ? problem.message : undefined),
    /** What was said that no field shows. */
    problem: problem?.at === undefined ? problem?.message : undefined,
    onSubmit(event: SubmitEvent<HTMLFormElement>) {
      event.preventDefault();
      const form = event.currentTarget;
      start(async () => {
        const { refusal, field } = await send(new FormData(form));
        const isShown = field !== undefined && form.elements.namedItem(field) !== null;
        setProblem(refusal ? { message: refusal, ...(isShown && { at: field }) } : undefined);
      });
    },
  };
}
