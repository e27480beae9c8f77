import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { session } from "../../api/session";
import { graphql } from "../../gql";
import { ButtonLink } from "../../ui/Button";
import { More } from "../../ui/More";
import { Empty } from "../../ui/States";
import { Table, Th } from "../../ui/Table";
import { counted } from "../../ui/words";
import { CorrectionRow } from "./CorrectionRow";

const MINE = graphql(`
  query MyCorrections($userId: ID, $after: String) {
    predictions(first: 50, after: $after, filter: { corrected: true, userId: $userId }) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id ...CorrectionRow_prediction }
    }
  }
`);

export function loader() {
  const state = session.current();
  const userId = state.status === "signed-in" ? state.viewer.id : null;
  return preload(MINE, { variables: { userId }, fetchPolicy: "cache-and-network" });
}

/** Answers to one's own questions that one corrected, and what became of each. */
export function Component() {
  const mine = useLoaderData() as ReturnType<typeof loader>;
  const { fetchMore } = useQueryRefHandlers(mine);
  const { nodes, pageInfo, totalCount } = useReadQuery(mine).data.predictions;
  if (nodes.length === 0) {
    return (
      <Empty
        title="You have not corrected an answer yet"
        action={<ButtonLink to="/playground">To the playground</ButtonLink>}
      >
        Where a model is wrong, say what is right: its owner looks at it, and the next version may
        learn from it.
      </Empty>
    );
  }
  return (
    <>
      <p className="text-soft">{counted(totalCount, "correction")}, newest answers first</p>
      <Table label="My corrections">
        <thead>
          <tr>
            <Th>Text</Th>
            <Th>Answer</Th>
            <Th>You said</Th>
            <Th>Model</Th>
            <Th>What became of it</Th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((prediction) => (
            <CorrectionRow key={prediction.id} prediction={prediction} />
          ))}
        </tbody>
      </Table>
      <More pageInfo={pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
    </>
  );
}
