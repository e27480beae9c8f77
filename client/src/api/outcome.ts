import { problemOf, refusalOf } from "./problems";

export interface Payload {
  userErrors: readonly { message: string; code: string; path: string[] }[];
}

export interface Outcome<Done> {
  /** What came of it; undefined where it was refused or failed. */
  done?: Done | undefined;
  refusal?: string | undefined;
  /** Which field of the input the refusal is about, if it is about one. */
  field?: string | undefined;
}

/** What a mutation did, or in one sentence why it did nothing: refused by the API, or failed. */
export async function outcomeOf<Done extends Payload>(
  run: () => Promise<Done | null | undefined>,
): Promise<Outcome<Done>> {
  try {
    const payload = await run();
    const refusal = refusalOf(payload);
    if (refusal || !payload) {
      const field = payload?.userErrors[0]?.path.at(-1);
      return { refusal: refusal ?? "The server did not answer.", field };
    }
    return { done: payload };
  } catch (error) {
    return { refusal: problemOf(error) };
  }
}
