import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import type { VersionTable_ModelFragment } from "../../gql/graphql";
import { Badge } from "../../ui/Badge";
import { ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Moment } from "../../ui/Moment";
import { Empty } from "../../ui/States";
import { Table, Td, Th } from "../../ui/Table";
import { count, percent } from "../../ui/words";
import { Publish } from "./publish/Publish";
import { change } from "./trend";
import { useMayChange } from "./useMayChange";

const VERSIONS = graphql(`
  fragment VersionTable_model on Model {
    id
    owner { id }
    publishedVersion { id number }
    versions(first: 100) {
      totalCount
      nodes {
        id
        number
        isPublished
        createdAt
        report { accuracy macroF1 ece trainRows }
        datasetVersion { id number dataset { id name } }
        ...Publish_version
      }
    }
  }
`);

/** What its trainings made, newest first; any of them can be published. */
export function VersionTable({ model: from }: { model: FragmentType<VersionTable_ModelFragment> }) {
  const { data: model } = useSuspenseFragment({
    fragment: VERSIONS,
    fragmentName: "VersionTable_model",
    from,
  });
  const mayChange = useMayChange(model.owner?.id);
  const { nodes } = model.versions;
  if (nodes.length === 0) {
    return (
      <Empty title="No version yet">
        Its training makes the first one;{" "}
        <Link to="/jobs" className="text-accent underline">
          the jobs
        </Link>{" "}
        say how far it is.
      </Empty>
    );
  }
  return (
    <Card
      title="Versions"
      actions={
        nodes.length > 1 && (
          <ButtonLink to={`/models/${model.id}/compare`}>Compare versions</ButtonLink>
        )
      }
    >
      <Table label="Versions">
        <thead>
          <tr>
            <Th>Version</Th>
            <Th kind="number">Accuracy</Th>
            <Th kind="number">Macro F1</Th>
            <Th kind="number">Calibration error</Th>
            <Th kind="number">Learnt from</Th>
            <Th>Data</Th>
            <Th>Made</Th>
            <Th kind="action">Actions</Th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((version, place) => {
            const { id, number, isPublished, createdAt, report, datasetVersion } = version;
            return (
              <tr key={id}>
                <Td className="whitespace-nowrap">
                  <Link
                    to={`/models/${model.id}/versions/${id}`}
                    className="mr-2 font-medium text-accent hover:underline"
                  >
                    version {number}
                  </Link>
                  {isPublished && <Badge tone="good">answers</Badge>}
                </Td>
                <Td kind="number" className="whitespace-nowrap">
                  {percent(report.accuracy)}{" "}
                  <span className="text-xs text-soft">
                    {change(report.accuracy, nodes[place + 1]?.report.accuracy)}
                  </span>
                </Td>
                <Td kind="number">{percent(report.macroF1)}</Td>
                <Td kind="number">{percent(report.ece)}</Td>
                <Td kind="number" className="whitespace-nowrap">
                  {count(report.trainRows)} rows
                </Td>
                <Td className="min-w-48">
                  {datasetVersion?.dataset && (
                    <Link
                      to={`/datasets/${datasetVersion.dataset.id}`}
                      className="text-accent hover:underline"
                    >
                      {datasetVersion.dataset.name}, version {datasetVersion.number}
                    </Link>
                  )}
                </Td>
                <Td className="whitespace-nowrap">
                  <Moment at={createdAt} />
                </Td>
                <Td kind="action">{mayChange && !isPublished && <Publish version={version} />}</Td>
              </tr>
            );
          })}
        </tbody>
      </Table>
    </Card>
  );
}
