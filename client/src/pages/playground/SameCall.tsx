import { print } from "graphql";
import { useMemo } from "react";
import { apolloOf } from "../../code/apollo";
import { curlOf } from "../../code/curl";
import { pythonOf } from "../../code/python";
import { KEY_NAME } from "../../code/request";
import { graphql } from "../../gql";
import { Card } from "../../ui/Card";
import { Code } from "../../ui/Code";
import { Tabs } from "../../ui/Tabs";

const PREDICT = graphql(`
  query Predict($input: PredictInput!) {
    predict(input: $input) {
      predictions {
        id
        label
        probability
        decision
        predictionSet
        scores { label probability }
      }
      userErrors { code message path }
    }
  }
`);

/** The server takes so many in one request. */
const MOST_AT_ONCE = 64;

interface SameCallProps {
  model: string;
  texts: readonly string[];
}

/** What the page asks, as programs that ask the same. */
export function SameCall({ model, texts }: SameCallProps) {
  const request = useMemo(() => {
    const some = texts.length > 0 ? texts.slice(0, MOST_AT_ONCE) : ["your text"];
    return {
      url: new URL("/graphql", location.href).href,
      document: print(PREDICT),
      variables: { input: { model, texts: some, topK: 3 } },
    };
  }, [model, texts]);
  return (
    <Card title="The same call">
      <p className="mb-2 text-soft">
        Set <code>{KEY_NAME}</code> to one of your API keys.
        {texts.length > MOST_AT_ONCE &&
          ` With the first ${MOST_AT_ONCE} texts: so many fit into one request.`}
      </p>
      <Tabs
        label="Languages"
        tabs={[
          { name: "curl", panel: <Code label="The call with curl" text={curlOf(request)} /> },
          { name: "Python", panel: <Code label="The call in Python" text={pythonOf(request)} /> },
          { name: "Apollo", panel: <Code label="The call with Apollo" text={apolloOf(request)} /> },
        ]}
      />
    </Card>
  );
}
