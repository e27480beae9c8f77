import { useState } from "react";
import type { Answer } from "./Asking";

interface Round {
  number: number;
  texts: readonly string[];
  /** Those of them that have no answer yet; empty when there is nothing left to ask. */
  missing: readonly string[];
}

/**
 * The answers to texts. What was answered is not asked again: each round asks about what is new
 * among the texts, and leaves what is gone from them.
 */
export function useAnswers(texts: readonly string[]) {
  const [known, setKnown] = useState<ReadonlyMap<string, Answer>>(new Map());
  const [round, setRound] = useState<Round>({ number: 0, texts, missing: texts });
  const [problem, setProblem] = useState("");

  function ask(): void {
    const missing = texts.filter((text) => !known.has(text));
    setRound({ number: round.number + 1, texts, missing });
    setProblem("");
  }
  if (round.texts !== texts) ask();

  return {
    of: (text: string) => known.get(text),
    round,
    problem,
    retry: ask,
    take: (answers: readonly (readonly [string, Answer])[]) =>
      setKnown((before) => new Map([...before, ...answers])),
    end: (why: string) => {
      setProblem(why);
      setRound((before) => ({ ...before, missing: [] }));
    },
  };
}
