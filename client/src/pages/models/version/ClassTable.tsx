import { graphql } from "../../../gql";
import type { ClassTable_ReportFragment } from "../../../gql/graphql";
import { Card } from "../../../ui/Card";
import { Table, Td } from "../../../ui/Table";
import { count, counted, percent } from "../../../ui/words";
import { SortTh } from "./SortTh";
import { sorted } from "./sorting";
import { useFirst } from "./useFirst";
import { useOrder } from "./useOrder";

graphql(`
  fragment ClassTable_report on Report {
    classes { label precision recall f1 support }
  }
`);

const COLUMNS = ["label", "precision", "recall", "f1", "support"] as const;

/** How well each label is recognised, the worst first. */
export function ClassTable({ report }: { report: ClassTable_ReportFragment }) {
  const { order, press } = useOrder("labels", COLUMNS, { by: "f1", isDown: false });
  const { first, more } = useFirst(sorted(report.classes, order));
  const heads = { order, onPress: press };
  return (
    <Card
      title="By label"
      actions={<span className="text-soft">{counted(report.classes.length, "label")}</span>}
    >
      <Table label="Results by label">
        <thead>
          <tr>
            <SortTh column="label" name="Label" isName {...heads} />
            <SortTh column="precision" name="Precision" {...heads} />
            <SortTh column="recall" name="Recall" {...heads} />
            <SortTh column="f1" name="F1" {...heads} />
            <SortTh column="support" name="Test rows" {...heads} />
          </tr>
        </thead>
        <tbody>
          {first.map(({ label, precision, recall, f1, support }) => (
            <tr key={label}>
              <Td className="min-w-36 wrap-anywhere">{label}</Td>
              <Td kind="number">{percent(precision)}</Td>
              <Td kind="number">{percent(recall)}</Td>
              <Td kind="number">
                <span className="inline-flex items-center gap-2">
                  <span aria-hidden="true" className="hidden h-2 w-20 rounded bg-raised sm:block">
                    <span
                      className={`block h-full rounded ${f1 < 0.7 ? "bg-bad" : "bg-accent"}`}
                      style={{ width: `${100 * f1}%` }}
                    />
                  </span>
                  {percent(f1)}
                </span>
              </Td>
              <Td kind="number">{count(support)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {more}
    </Card>
  );
}
