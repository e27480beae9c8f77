import { graphql } from "../../../gql";
import type { ProblemRow_ProblemFragment } from "../../../gql/graphql";
import { Td } from "../../../ui/Table";
import { plainName } from "../../../ui/words";

export const PROBLEM = graphql(`
  fragment ProblemRow_problem on Problem {
    code
    reason
    fix
    line
    column
    value
    row
  }
`);

export function ProblemRow({ problem }: { problem: ProblemRow_ProblemFragment }) {
  const { code, reason, fix, line, column, value } = problem;
  return (
    <tr>
      <Td kind="number">{line}</Td>
      <Td>{column}</Td>
      <Td className="min-w-40">
        {value && <code className="line-clamp-3 text-xs break-all">{value}</code>}
      </Td>
      <Td className="min-w-56">
        {reason} <span className="text-xs text-soft">({plainName(code)})</span>
      </Td>
      <Td className="min-w-56">{fix}</Td>
    </tr>
  );
}
