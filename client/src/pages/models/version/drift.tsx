import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData } from "react-router";
import { preload } from "../../../api/apollo";
import { graphql } from "../../../gql";
import { NotFound } from "../../../shell/RouteError";
import { Empty } from "../../../ui/States";
import { useMayChange } from "../useMayChange";
import { DriftDays } from "./drifting/DriftDays";
import { DriftPlot } from "./drifting/DriftPlot";
import { Measure } from "./drifting/Measure";

const DRIFT = graphql(`
  query VersionDrift($id: ID!) {
    modelVersion(id: $id) {
      id
      model { id owner { id } }
      drift(days: 90) {
        ...DriftDays_period @unmask
        ...DriftPlot_period @unmask
      }
      driftReports(first: 1) {
        nodes {
          id
          createdAt
          findings { message }
          job { id status progress }
        }
      }
    }
  }
`);

export function loader({ params }: LoaderFunctionArgs) {
  return preload(DRIFT, { variables: { id: params["version"] ?? "" } });
}

export function Component() {
  const query = useLoaderData<typeof loader>();
  // Before the data is read: what is fetched anew would else be shown one drawing too late.
  const { refetch } = useQueryRefHandlers(query);
  const { modelVersion: version } = useReadQuery(query).data;
  const mayChange = useMayChange(version?.model?.owner?.id);
  if (!version) return <NotFound />;
  const days = version.drift;
  return (
    <>
      {mayChange && (
        <Measure
          versionId={version.id}
          latest={version.driftReports.nodes[0]}
          onTurn={() => refetch()}
        />
      )}
      {days.length === 0 ? (
        <Empty title="No day was measured yet">
          Of a published version the day before is measured by itself: what it was asked beside the
          rows held out from its training.
        </Empty>
      ) : (
        <>
          <DriftPlot days={days} />
          <DriftDays days={days} />
        </>
      )}
    </>
  );
}
