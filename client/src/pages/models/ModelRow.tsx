import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import type { ModelRow_ModelFragment } from "../../gql/graphql";
import { Moment } from "../../ui/Moment";
import { Td } from "../../ui/Table";
import { percent } from "../../ui/words";
import { PublishedBadge } from "./PublishedBadge";

const ROW = graphql(`
  fragment ModelRow_model on Model {
    id
    name
    description
    versionCount
    publishedVersion { id number }
    versions(first: 1) {
      nodes {
        id
        number
        createdAt
        labels
        report { accuracy macroF1 }
        dataset { id name }
      }
    }
  }
`);

/** A model in a list, with the figures of its newest version. */
export function ModelRow({ model: from }: { model: FragmentType<ModelRow_ModelFragment> }) {
  const { data: model } = useSuspenseFragment({ fragment: ROW, from });
  const newest = model.versions.nodes[0];
  return (
    <tr>
      <Td>
        <Link to={`/models/${model.id}`} className="font-medium text-accent hover:underline">
          {model.name}
        </Link>
        {model.description && (
          <p className="max-w-prose truncate text-xs text-soft">{model.description}</p>
        )}
      </Td>
      <Td>
        <PublishedBadge number={model.publishedVersion?.number} />
      </Td>
      <Td kind="number">{newest && percent(newest.report.accuracy)}</Td>
      <Td kind="number">{newest && percent(newest.report.macroF1)}</Td>
      <Td kind="number">{newest?.labels.length}</Td>
      <Td>
        {newest?.dataset && (
          <Link to={`/datasets/${newest.dataset.id}`} className="text-accent hover:underline">
            {newest.dataset.name}
          </Link>
        )}
      </Td>
      <Td className="whitespace-nowrap">
        {newest && (
          <>
            <Link
              to={`/models/${model.id}/versions/${newest.id}`}
              className="text-accent hover:underline"
            >
              version {newest.number}
            </Link>{" "}
            <span className="text-soft">
              <Moment at={newest.createdAt} />
            </span>
          </>
        )}
      </Td>
    </tr>
  );
}
