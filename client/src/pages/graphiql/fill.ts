/** Puts the caller's own ids where an example's variables say `$jobId` and the like. */

/** Where an id is found: in what the caller has that is newest, or in an answer. */
export interface Source {
  /** A path into the data of newest.graphql. */
  at?: string;
  /** A field of the latest answer that has one. */
  answered?: string;
  /** What stands there when there is none. */
  else: unknown;
}

export type Ids = Record<string, unknown>;

export function idsFrom(
  sources: Record<string, Source>,
  newest: unknown,
  answers: readonly string[],
): Ids {
  return Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [
      name,
      (source.at && found(newest, source.at)) ||
        (source.answered && answered(answers, source.answered)) ||
        source.else,
    ]),
  );
}

function found(data: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null
        ? (value as Record<string, unknown>)[step] // a list's places are names as well
        : undefined,
    data,
  );
}

/** Out of answers as they are shown, the first that has it. */
function answered(answers: readonly string[], field: string): string | undefined {
  const pattern = new RegExp(`"${field}":\\s*"([^"]+)"`);
  return answers.map((answer) => pattern.exec(answer)?.[1]).find(Boolean);
}

export function fill(variables: unknown, ids: Ids): unknown {
  if (typeof variables === "string") {
    const name = variables.startsWith("$") ? variables.slice(1) : "";
    return Object.hasOwn(ids, name) ? ids[name] : variables;
  }
  if (Array.isArray(variables)) return variables.map((each) => fill(each, ids));
  if (typeof variables === "object" && variables !== null) {
    return Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, fill(value, ids)]),
    );
  }
  return variables;
}
