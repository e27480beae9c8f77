import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { Button } from "../../../../ui/Button";
import { Card } from "../../../../ui/Card";
import { Table, Td, Th } from "../../../../ui/Table";
import { count } from "../../../../ui/words";
import { cellAddress } from "./address";

interface ConfusionListProps {
  confusions: readonly { actual: string; predicted: string; rows: number }[];
}

const FIRST = 10;

/** The same as a list, the most frequent first: for those who cannot see the matrix, and others. */
export function ConfusionList({ confusions }: ConfusionListProps) {
  const [isWhole, setWhole] = useState(false);
  const [search] = useSearchParams();
  return (
    <Card title="Most frequent">
      <Table label="Confusions, the most frequent first">
        <thead>
          <tr>
            <Th>Right</Th>
            <Th>Answered</Th>
            <Th kind="number">Rows</Th>
          </tr>
        </thead>
        <tbody>
          {confusions.slice(0, isWhole ? undefined : FIRST).map(({ actual, predicted, rows }) => (
            <tr key={`${actual} ${predicted}`}>
              <Td className="min-w-36 wrap-anywhere">{actual}</Td>
              <Td className="min-w-36 wrap-anywhere">{predicted}</Td>
              <Td kind="number">
                <Link
                  to={cellAddress(search, { actual, predicted })}
                  replace
                  preventScrollReset
                  aria-label={`${count(rows)} rows of ${actual} answered as ${predicted}`}
                  className="text-accent underline"
                >
                  {count(rows)}
                </Link>
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {confusions.length > FIRST && (
        <Button look="quiet" className="mt-2" onClick={() => setWhole(!isWhole)}>
          {isWhole ? "Show fewer" : `Show all ${confusions.length}`}
        </Button>
      )}
    </Card>
  );
}
