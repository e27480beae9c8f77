import type { CodegenConfig } from "@graphql-codegen/cli";

/** Types of every document in the sources, from the schema that is checked in. */
const config: CodegenConfig = {
  schema: "../schema/schema.graphql",
  documents: ["src/**/*.{ts,tsx}", "!src/gql/**", "!src/**/*.test.ts"],
  ignoreNoDocuments: true,
  generates: {
    "src/gql/": {
      preset: "client",
      // Masking is Apollo's: a component sees its own fragment, also at run time, and is drawn
      // again only when that changes.
      presetConfig: { fragmentMasking: false },
      config: {
        inlineFragmentTypes: "mask",
        customDirectives: { apolloUnmask: true },
        scalars: {
          BigInt: "number",
          Date: "string",
          DateTime: "string",
          JSON: "Record<string, string>",
          Variables: "Record<string, unknown>",
        },
        strictScalars: true,
        useTypeImports: true,
        enumsAsTypes: true,
      },
    },
    "src/gql/possibleTypes.ts": {
      plugins: ["fragment-matcher"],
    },
  },
};

export default config;
