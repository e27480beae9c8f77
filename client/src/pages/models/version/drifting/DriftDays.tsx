import { graphql } from "../../../../gql";
import type { DriftDays_PeriodFragment, DriftVerdict } from "../../../../gql/graphql";
import { Badge, type Tone } from "../../../../ui/Badge";
import { Card } from "../../../../ui/Card";
import { Table, Td, Th } from "../../../../ui/Table";
import { counted, percent, plainName } from "../../../../ui/words";

graphql(`
  fragment DriftDays_period on DriftPeriod {
    begins
    texts
    verdict
    message
    advice
    figures { sign value threshold drifted }
    moves { label share heldOutShare }
    examples { predictionId text label nearestText nearestLabel cosine }
  }
`);

const SAID: Record<DriftVerdict, [tone: Tone, words: string]> = {
  QUIET: ["good", "quiet"],
  DRIFTED: ["bad", "drifted"],
  TOO_FEW: ["neutral", "too few"],
};

/** Each day in words, the newest first. */
export function DriftDays({ days }: { days: readonly DriftDays_PeriodFragment[] }) {
  return [...days].reverse().map((day) => <Day key={day.begins} day={day} />);
}

function Day({ day }: { day: DriftDays_PeriodFragment }) {
  const [tone, words] = SAID[day.verdict];
  return (
    <Card
      title={
        <span className="flex items-center gap-2">
          {day.begins.slice(0, 10)} <Badge tone={tone}>{words}</Badge>
        </span>
      }
      actions={<span className="text-soft">{counted(day.texts, "text")}</span>}
    >
      <p>{day.message}</p>
      {day.advice && <p className="mt-1 text-warn">{day.advice}</p>}
      {day.figures.length > 0 && (
        <details className="mt-3">
          <summary className="cursor-pointer text-soft">Its figures</summary>
          <div className="mt-2 flex flex-col gap-3">
            <Figures figures={day.figures} />
            {day.moves.length > 0 && <Moves moves={day.moves} />}
            {day.examples.length > 0 && <Examples examples={day.examples} />}
          </div>
        </details>
      )}
    </Card>
  );
}

function Figures({ figures }: { figures: DriftDays_PeriodFragment["figures"] }) {
  return (
    <Table label="Signs of drift">
      <thead>
        <tr>
          <Th>Sign</Th>
          <Th kind="number">Measured</Th>
          <Th kind="number">Chance makes</Th>
          <Th>Says</Th>
        </tr>
      </thead>
      <tbody>
        {figures.map(({ sign, value, threshold, drifted }) => (
          <tr key={sign}>
            <Td>{plainName(sign)}</Td>
            <Td kind="number">{value.toFixed(4)}</Td>
            <Td kind="number">up to {threshold.toFixed(4)}</Td>
            <Td>
              {drifted ? <Badge tone="bad">drifted</Badge> : <Badge tone="good">quiet</Badge>}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Moves({ moves }: { moves: DriftDays_PeriodFragment["moves"] }) {
  return (
    <Table label="Labels given more or less often">
      <thead>
        <tr>
          <Th>Label</Th>
          <Th kind="number">Of the texts</Th>
          <Th kind="number">Of the held-out rows</Th>
        </tr>
      </thead>
      <tbody>
        {moves.map(({ label, share, heldOutShare }) => (
          <tr key={label}>
            <Td className="min-w-36 wrap-anywhere">{label}</Td>
            <Td kind="number">{percent(share)}</Td>
            <Td kind="number">{percent(heldOutShare)}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Examples({ examples }: { examples: DriftDays_PeriodFragment["examples"] }) {
  return (
    <Table label="The strangest texts">
      <thead>
        <tr>
          <Th>Strange text</Th>
          <Th>Answered</Th>
          <Th>Nearest text learnt from</Th>
          <Th kind="number">Near</Th>
        </tr>
      </thead>
      <tbody>
        {examples.map((each) => (
          <tr key={each.predictionId}>
            <Td className="min-w-48">{each.text}</Td>
            <Td>{each.label}</Td>
            <Td className="min-w-48">
              {each.nearestText} <span className="text-soft">({each.nearestLabel})</span>
            </Td>
            <Td kind="number">{each.cosine.toFixed(2)}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
