/** What of a document is asked for. */

import { getOperationAST, OperationTypeNode, parse, print, separateOperations } from "graphql";

/** Of a document with one operation; what cannot be read is sent like a query, to be told why. */
export function kindOf(document: string): OperationTypeNode {
  try {
    return getOperationAST(parse(document))?.operation ?? OperationTypeNode.QUERY;
  } catch {
    return OperationTypeNode.QUERY;
  }
}

/** One operation of a document with the fragments that it needs; a document with one is kept. */
export function only(document: string, name: string | undefined): string {
  try {
    const operations = separateOperations(parse(document));
    const found = name === undefined ? undefined : operations[name];
    return found && Object.keys(operations).length > 1 ? print(found) : document;
  } catch {
    return document;
  }
}
