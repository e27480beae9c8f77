import { useReadQuery } from "@apollo/client/react";
import { Link, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { preload } from "../../../api/apollo";
import { graphql } from "../../../gql";
import type { LineageKind, VersionLineageQuery } from "../../../gql/graphql";
import { NotFound } from "../../../shell/RouteError";
import { Badge, type Tone } from "../../../ui/Badge";
import { Card } from "../../../ui/Card";
import { Moment } from "../../../ui/Moment";
import { Empty } from "../../../ui/States";
import { Table, Td, Th } from "../../../ui/Table";
import { counted, percent } from "../../../ui/words";

const LINEAGE = graphql(`
  query VersionLineage($id: ID!) {
    modelVersion(id: $id) {
      id
      clusterMap { clusters { id name } }
      model {
        id
        clusterHistory(first: 100) {
          nodes {
            at
            version { id number }
            previous { id number clusterMap { clusters { id name } } }
            events { kind level before after overlap }
          }
        }
      }
    }
  }
`);

const SAID: Record<LineageKind, [tone: Tone, words: string]> = {
  CONTINUED: ["neutral", "still there"],
  SPLIT: ["accent", "split"],
  MERGED: ["accent", "merged"],
  BORN: ["good", "new"],
  DIED: ["warn", "gone"],
};

/** What changed is read first. */
const PLACES: Record<LineageKind, number> = { SPLIT: 0, MERGED: 1, BORN: 2, DIED: 3, CONTINUED: 4 };

type Version = NonNullable<VersionLineageQuery["modelVersion"]>;
type Entry = NonNullable<Version["model"]>["clusterHistory"]["nodes"][number];

export function loader({ params }: LoaderFunctionArgs) {
  return preload(LINEAGE, { variables: { id: params["version"] ?? "" } });
}

/** What became of the clusters of the version before. */
export function Component() {
  const { modelVersion: version } = useReadQuery(useLoaderData<typeof loader>()).data;
  if (!version) return <NotFound />;
  const entry = version.model?.clusterHistory.nodes.find((each) => each.version?.id === version.id);
  if (!entry) return <Empty title="No lineage">This version has no map of its clusters.</Empty>;
  if (!entry.previous) {
    return (
      <Empty title="The first of its line">
        With the next version it is told which clusters stay, split, merge, appear and go.
      </Empty>
    );
  }
  return <Lineage version={version} entry={entry} />;
}

function Lineage({ version, entry }: { version: Version; entry: Entry }) {
  const names = new Map(
    [...(entry.previous?.clusterMap?.clusters ?? []), ...(version.clusterMap?.clusters ?? [])].map(
      ({ id, name }) => [id, name],
    ),
  );
  const named = (ids: readonly string[]) => ids.map((id) => names.get(id) ?? id).join(" · ");
  const events = entry.events
    .filter(({ level }) => level === 0)
    .toSorted((one, other) => PLACES[one.kind] - PLACES[other.kind]);
  return (
    <Card
      title="Clusters since the version before"
      actions={
        <span className="text-soft">
          {counted(events.length, "event")}, <Moment at={entry.at} />
        </span>
      }
    >
      <p className="mb-3 text-soft">
        Beside{" "}
        <Link
          to={`/models/${version.model?.id}/versions/${entry.previous?.id}`}
          className="text-accent underline"
        >
          version {entry.previous?.number}
        </Link>
        . A cluster that stays keeps its id and the name that people gave it.
      </p>
      <Table label="What became of the clusters">
        <thead>
          <tr>
            <Th>What</Th>
            <Th>Before</Th>
            <Th>Now</Th>
            <Th kind="number">Rows kept</Th>
          </tr>
        </thead>
        <tbody>
          {events.map(({ kind, before, after, overlap }) => {
            const [tone, words] = SAID[kind];
            return (
              <tr key={`${kind} ${before.join()} ${after.join()}`}>
                <Td>
                  <Badge tone={tone}>{words}</Badge>
                </Td>
                <Td>{named(before)}</Td>
                <Td>{named(after)}</Td>
                <Td kind="number">{kind === "BORN" ? null : percent(overlap)}</Td>
              </tr>
            );
          })}
        </tbody>
      </Table>
    </Card>
  );
}
