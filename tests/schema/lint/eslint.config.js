// The rules of graphql-eslint for schemas and for Relay, over the schema that is checked in.
// A package of its own, for the plugin needs graphql 16 and the client has 17.
import graphql from "@graphql-eslint/eslint-plugin";

const recommended = graphql.configs["flat/schema-recommended"].rules;
const [level, names] = recommended["@graphql-eslint/naming-convention"];

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: "./schema/schema.graphql" } },
    },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...recommended,
      ...graphql.configs["flat/schema-relay"].rules,
      // Every object would be a node. Most are parts of one, such as a stage of a job, with no id.
      "@graphql-eslint/strict-id-in-types": "off",
      // `Promise.promisedRisk` stands beside `askedRisk`: the word tells the two apart.
      "@graphql-eslint/no-typename-prefix": "off",
      // `runBulkMutation` runs a mutation: the word is its object.
      "@graphql-eslint/naming-convention": [
        level,
        {
          ...names,
          "FieldDefinition[parent.name.value=Mutation]": { forbiddenPrefixes: ["mutation"] },
        },
      ],
      // Lists go forward only: their orders are such that nobody begins at the end.
      "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
      // Short lists say their bound instead; rows and lines have numbers and places, not ids.
      "@graphql-eslint/relay-edge-types": [
        "error",
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],
    },
  },
];
