/** What can be said against a webhook's subscription before the server is asked. */

import { GraphQLError, getOperationAST, OperationTypeNode, parse } from "graphql";

/** The subscriptions that go on from a cursor. */
const SOURCES = [
  "activity",
  "predictionFeed",
  "jobEvents",
  "jobLog",
  "datasetEvents",
  "modelEvents",
];

/** One sentence, or nothing where only the server can tell more. */
export function documentProblem(text: string): string | undefined {
  if (text.trim() === "") return "A webhook needs a subscription.";
  try {
    return problemIn(text);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const at = error.locations?.[0];
    return at ? `Line ${at.line}, column ${at.column}: ${error.message}` : error.message;
  }
}

function problemIn(text: string): string | undefined {
  const operation = getOperationAST(parse(text));
  if (!operation) return "It must have one operation.";
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return "It must be a subscription.";
  const [field, ...others] = operation.selectionSet.selections;
  if (field?.kind !== "Field" || others.length > 0 || !SOURCES.includes(field.name.value)) {
    return `It must ask for one of ${SOURCES.join(", ")}.`;
  }
  if (field.arguments?.some(({ name }) => name.value === "after")) {
    return "Leave `after` out: a webhook goes on by itself.";
  }
  return undefined;
}

/** The variables as they are sent, or what is wrong with what was typed. */
export function variablesOf(
  text: string,
): { variables: Record<string, unknown> } | { problem: string } {
  if (text.trim() === "") return { variables: {} };
  try {
    const variables: unknown = JSON.parse(text);
    if (typeof variables === "object" && variables !== null && !Array.isArray(variables)) {
      return { variables: { ...variables } };
    }
    return { problem: 'Variables are an object, such as {"id": "…"}.' };
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : error}` };
  }
}
