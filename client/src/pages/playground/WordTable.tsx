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
          <Th kind="number">By its letters</Th>
          <Th kind="number">By its meaning</Th>
        </tr>
      </thead>
      <tbody>
        {words.map(({ start, text, weight, terms, meaning }) => (
          <tr key={start}>
            <Td className="break-words">{text}</Td>
            <Td>{timesLikelier(weight)}</Td>
            <Td kind="number">{signed(terms)}</Td>
            <Td kind="number">{signed(meaning)}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
