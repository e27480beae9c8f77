import Papa from "papaparse";
import type { Decision } from "../../gql/graphql";

export interface AnswerFigures {
  label: string;
  probability: number;
  decision: Decision;
  predictionSet: readonly string[];
  cluster: { name: string };
}

const COLUMNS = ["text", "label", "probability", "decision", "prediction_set", "cluster"];

/** Answers as CSV for a spreadsheet: what it would run as a formula begins with an apostrophe. */
export function tableOf(rows: readonly { text: string; answer: AnswerFigures }[]): string {
  const lines = rows.map(({ text, answer }) => [
    text,
    answer.label,
    answer.probability,
    answer.decision,
    answer.predictionSet.join(" | "),
    answer.cluster.name,
  ]);
  return Papa.unparse({ fields: COLUMNS, data: lines }, { escapeFormulae: true, newline: "\n" });
}
