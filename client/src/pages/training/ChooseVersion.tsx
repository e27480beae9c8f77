import { useSuspenseQuery } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import { ButtonLink } from "../../ui/Button";
import { Empty } from "../../ui/States";
import { Table, Td, Th } from "../../ui/Table";
import { count } from "../../ui/words";

const DATASETS = graphql(`
  query TrainableDatasets {
    datasets(first: 100) {
      nodes {
        id
        name
        latestVersion { id number status rows profile { labelCount } }
      }
    }
  }
`);

/** The data sets that can be trained on, for those who come without one. */
export function ChooseVersion() {
  const { datasets } = useSuspenseQuery(DATASETS).data;
  const ready = datasets.nodes.filter(({ latestVersion }) => latestVersion?.status === "READY");
  if (ready.length === 0) {
    return (
      <Empty
        title="No data to train on"
        action={<ButtonLink to="/datasets">To the data sets</ButtonLink>}
      >
        Upload a file first: texts or sequences, with a label each.
      </Empty>
    );
  }
  return (
    <Table label="Data sets to train on">
      <thead>
        <tr>
          <Th>Data set</Th>
          <Th>Version</Th>
          <Th kind="number">Rows</Th>
          <Th kind="number">Labels</Th>
        </tr>
      </thead>
      <tbody>
        {ready.map(({ id, name, latestVersion: version }) => (
          <tr key={id}>
            <Td>
              <Link
                to={`/train?version=${version?.id}`}
                className="font-medium text-accent hover:underline"
              >
                {name}
              </Link>
            </Td>
            <Td>{version?.number}</Td>
            <Td kind="number">{count(version?.rows ?? 0)}</Td>
            <Td kind="number">{count(version?.profile?.labelCount ?? 0)}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
