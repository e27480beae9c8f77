import { useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData } from "react-router";
import { preload } from "../../../api/apollo";
import { graphql } from "../../../gql";
import { NotFound } from "../../../shell/RouteError";
import { ClassTable } from "./ClassTable";
import { ClusterTable } from "./ClusterTable";
import { Headline } from "./Headline";
import { Reliability } from "./Reliability";
import { Training } from "./Training";
import { WorstRows } from "./WorstRows";

const REPORT = graphql(`
  query VersionReport($id: ID!) {
    modelVersion(id: $id) {
      id
      model { id }
      ...Training_version
      report {
        ...ClassTable_report @unmask
        ...ClusterTable_report @unmask
        ...Headline_report @unmask
        ...Reliability_report @unmask
        ...WorstRows_report @unmask
      }
    }
  }
`);

export function loader({ params }: LoaderFunctionArgs) {
  return preload(REPORT, { variables: { id: params["version"] ?? "" } });
}

export function Component() {
  const { modelVersion: version } = useReadQuery(useLoaderData<typeof loader>()).data;
  if (!version) return <NotFound />;
  const { report, model } = version;
  return (
    <>
      <Headline report={report} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Reliability report={report} />
        <Training version={version} />
      </div>
      <ClassTable report={report} />
      <WorstRows report={report} />
      <ClusterTable report={report} map={model && `/models/${model.id}/map`} />
    </>
  );
}
