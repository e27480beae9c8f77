import { Table, Td, Th } from "../../ui/Table";
import { signed, timesLikelier } from "./weights";

interface WordTableProps {
  words: readonly { start: number; text: string; weight: number; terms: number; meaning: number }[];
}

/** The words that counted, heaviest first, and by what they did. */
export function WordTable({ words }: WordTableProps) {
  if (words.length === 0) return null;
  return (
    <Table label="Words that counted">
      <thead>
        <tr>
          <Th>Word</Th>
          <Th>With it the label is</Th>
          <Th className="text-right">By its letters</Th>
          <Th className="text-right">By its meaning</Th>
        </tr>
      </thead>
      <tbody>
        {words.map(({ start, text, weight, terms, meaning }) => (
          <tr key={start}>
            <Td className="break-words">{text}</Td>
            <Td>{timesLikelier(weight)}</Td>
            <Td className="text-right tabular-nums">{signed(terms)}</Td>
            <Td className="text-right tabular-nums">{signed(meaning)}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
