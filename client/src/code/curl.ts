import { OperationTypeNode } from "graphql";
import { kindOf } from "./operation";
import { type ApiRequest, KEY_NAME } from "./request";

const STREAM = `
  -N -H 'Accept: text/event-stream' \\`;

/**
 * The body goes in by a quoted here-document, in which the shell reads nothing as its own. Its end
 * mark cannot stand in the body: JSON writes a line break in a string as \n.
 */
export function curlOf({ url, document, variables }: ApiRequest): string {
  const follows = kindOf(document) === OperationTypeNode.SUBSCRIPTION;
  return `curl -sS ${quoted(url)} \\${follows ? STREAM : ""}
  -H "Authorization: Bearer $${KEY_NAME}" \\
  -H 'Content-Type: application/json' \\
  --data-binary @- <<'JSON'
${JSON.stringify({ query: document, variables }, null, 2)}
JSON
`;
}

/** One word for the shell, whatever is in it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
