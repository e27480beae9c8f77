import { graphql } from "../gql";
import { ApiError, post } from "./post";

const HOLDER = graphql(`
  query KeyHolder { viewer { user { email } apiKey { name } } }
`);

/** Whose key it is, in a few words; raises what the server has against it. */
export async function holderOf(key: string): Promise<string> {
  try {
    const { viewer } = await post(HOLDER, {}, { token: key });
    if (!viewer.apiKey) throw new Error("This is a session's token, not an API key.");
    return `key “${viewer.apiKey.name}” of ${viewer.user.email}`;
  } catch (error) {
    // A key that may not READ is a good one all the same.
    if (error instanceof ApiError && error.code === "FORBIDDEN") return "a key that may not read";
    throw error;
  }
}
