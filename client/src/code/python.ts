import { OperationTypeNode } from "graphql";
import { kindOf } from "./operation";
import { type ApiRequest, KEY_NAME } from "./request";

/** With the standard library alone. */
export function pythonOf({ url, document, variables }: ApiRequest): string {
  const follows = kindOf(document) === OperationTypeNode.SUBSCRIPTION;
  return `import json
import os
import urllib.request

QUERY = ${textBlock(document)}
VARIABLES = ${literal(variables)}

request = urllib.request.Request(
    ${literal(url)},
    data=json.dumps({"query": QUERY, "variables": VARIABLES}).encode(),
    headers={
        "Authorization": "Bearer " + os.environ["${KEY_NAME}"],
        "Content-Type": "application/json",${follows ? ACCEPT_STREAM : ""}
    },
)
${follows ? READ_STREAM : READ_ANSWER}`;
}

const READ_ANSWER = `with urllib.request.urlopen(request) as response:
    answer = json.load(response)
print(json.dumps(answer, indent=2))
`;

const ACCEPT_STREAM = `
        "Accept": "text/event-stream",`;

const READ_STREAM = `with urllib.request.urlopen(request) as response:
    for line in response:
        field, _, value = line.decode().strip().partition(": ")
        if field == "data" and value:
            print(json.dumps(json.loads(value), indent=2))
`;

function textBlock(text: string): string {
  const isPlain = !text.includes("\\") && !text.includes('"""') && !text.endsWith('"');
  return isPlain ? `"""\n${text.trim()}\n"""` : literal(text);
}

/** JSON's strings and numbers are Python's as well; its three names are not. */
function literal(value: unknown, indent = ""): string {
  const inner = `${indent}    `;
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) {
    return block(
      "[",
      value.map((each) => literal(each, inner)),
      "]",
      indent,
    );
  }
  if (typeof value === "object") {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    const lines = entries.map(([name, each]) => `${JSON.stringify(name)}: ${literal(each, inner)}`);
    return block("{", lines, "}", indent);
  }
  return JSON.stringify(value);
}

function block(open: string, lines: readonly string[], close: string, indent: string): string {
  if (lines.length === 0) return open + close;
  return `${open}\n${lines.map((line) => `${indent}    ${line},\n`).join("")}${indent}${close}`;
}
