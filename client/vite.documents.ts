import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const GENERATED = "src/gql/graphql.ts";
const DOCUMENT = /^export const (\w+)(?:Document|FragmentDoc) = (\{.*\}) as unknown as/gm;
const CALL = /\bgraphql\(\s*`\s*(?:query|mutation|subscription|fragment)\s+(\w+)[^`]*`,?\s*\)/g;

/**
 * Puts each document where it is used. The generated `graphql()` looks it up among those of all
 * pages, which the first page would have to load.
 */
export function documentsInPlace(): Plugin {
  let documents = new Map<string, string>();
  return {
    name: "documents-in-place",
    apply: "build",
    buildStart() {
      const found = readFileSync(GENERATED, "utf8").matchAll(DOCUMENT);
      documents = new Map([...found].map(([, name = "", json = ""]) => [name, json]));
    },
    transform: {
      filter: { id: /\/src\/.*\.tsx?$/, code: "graphql(`" },
      handler(code) {
        return code.replaceAll(CALL, (call, name: string) => {
          const json = documents.get(generatedName(name));
          if (!json) this.error(`no document was generated for ${name}: ${call}`);
          return `(${json})`;
        });
      },
    },
  };
}

/** The names in generated code: `JobRow_job` is JobRow_Job there. */
function generatedName(name: string): string {
  return name.replaceAll(/(?:^|_)\w/g, (start) => start.toUpperCase());
}
