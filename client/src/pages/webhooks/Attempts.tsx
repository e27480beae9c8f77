import type { DeliveryItem_DeliveryFragment } from "../../gql/graphql";
import { Moment } from "../../ui/Moment";
import { Table, Td, Th } from "../../ui/Table";
import { duration } from "../../ui/words";

interface AttemptsProps {
  attempts: DeliveryItem_DeliveryFragment["attempts"];
}

/** Each try: when, how long, and what the receiver said. */
export function Attempts({ attempts }: AttemptsProps) {
  if (attempts.length === 0) return <p className="text-soft">Not tried yet.</p>;
  return (
    <Table label="Tries">
      <thead>
        <tr>
          <Th>Try</Th>
          <Th>When</Th>
          <Th>Took</Th>
          <Th>Answer</Th>
        </tr>
      </thead>
      <tbody>
        {attempts.map(({ number, at, ms, status, error, responseExcerpt }) => (
          <tr key={`${number} ${at}`}>
            <Td>{number}</Td>
            <Td className="whitespace-nowrap">
              <Moment at={at} />
            </Td>
            <Td className="whitespace-nowrap">{duration(ms / 1_000)}</Td>
            <Td>
              {status} {error && <span className="text-bad">{error}</span>}
              {responseExcerpt && (
                <pre className="mt-1 max-w-prose text-xs whitespace-pre-wrap text-soft">
                  {responseExcerpt}
                </pre>
              )}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
