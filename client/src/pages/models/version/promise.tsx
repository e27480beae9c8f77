import { useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData } from "react-router";
import { preload } from "../../../api/apollo";
import { graphql } from "../../../gql";
import { NotFound } from "../../../shell/RouteError";
import { Empty } from "../../../ui/States";
import { ClassPromises } from "./promised/ClassPromises";
import { Kept } from "./promised/Kept";
import { Live } from "./promised/Live";
import { RiskCurve } from "./promised/RiskCurve";
import { Sets } from "./promised/Sets";

const PROMISE = graphql(`
  query VersionPromise($id: ID!) {
    modelVersion(id: $id) {
      id
      report {
        promise {
          ...ClassPromises_promise @unmask
          ...Kept_promise @unmask
          ...RiskCurve_promise @unmask
          ...Sets_promise @unmask
        }
      }
      livePromise { ...Live_promise @unmask }
    }
  }
`);

export function loader({ params }: LoaderFunctionArgs) {
  return preload(PROMISE, { variables: { id: params["version"] ?? "" } });
}

export function Component() {
  const { modelVersion: version } = useReadQuery(useLoaderData<typeof loader>()).data;
  if (!version) return <NotFound />;
  const { promise } = version.report;
  if (!promise) {
    return (
      <Empty title="Nothing is promised">It was made before promises were. Train it again.</Empty>
    );
  }
  return (
    <>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Kept promise={promise} />
        {version.livePromise && <Live promise={version.livePromise} />}
        <RiskCurve promise={promise} />
        <Sets promise={promise} />
      </div>
      <ClassPromises promise={promise} />
    </>
  );
}
