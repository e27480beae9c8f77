import { useSuspenseQuery } from "@apollo/client/react";
import { graphql } from "../../../gql";
import { ButtonLink } from "../../../ui/Button";
import { Table, Th } from "../../../ui/Table";
import { counted } from "../../../ui/words";
import { useDatasetPlace } from "../place";
import { DiffPick } from "./DiffPick";
import { VersionRow } from "./VersionRow";

const VERSIONS = graphql(`
  query DatasetVersions($id: ID!) {
    dataset(id: $id) {
      id
      versions(first: 100) {
        nodes { id number status rows job { id } ...VersionRow_version }
      }
    }
  }
`);

/** How a data set became what it is, and what differs between two of its states. */
export function Component() {
  const { datasetId } = useDatasetPlace();
  const { data } = useSuspenseQuery(VERSIONS, { variables: { id: datasetId } });
  if (!data.dataset) return null;
  const { nodes } = data.dataset.versions;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-soft">{counted(nodes.length, "version")}, newest first</p>
        <ButtonLink to={`/datasets/${datasetId}/append`}>Append a file …</ButtonLink>
      </div>
      <Table label="Versions">
        <thead>
          <tr>
            <Th>Version</Th>
            <Th>State</Th>
            <Th kind="number">Rows</Th>
            <Th>Made from</Th>
            <Th>What changed</Th>
            <Th>When</Th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((version) => (
            <VersionRow key={version.id} version={version} datasetId={datasetId} />
          ))}
        </tbody>
      </Table>
      <DiffPick />
    </div>
  );
}
