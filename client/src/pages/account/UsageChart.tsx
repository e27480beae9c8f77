import { Card } from "../../ui/Card";
import { Columns } from "../../ui/charts/Columns";
import { Select } from "../../ui/Select";
import { useAddress } from "../../ui/useAddress";
import { counted } from "../../ui/words";
import { filled, MEASURES, measureOf, type Used } from "./usageDays";

interface UsageChartProps {
  title: string;
  used: readonly Used[];
}

/** One of four figures by day; which one is kept in the address. */
export function UsageChart({ title, used }: UsageChartProps) {
  const [search, change] = useAddress({ preventScrollReset: true });
  const measure = measureOf(search.get("of"));
  const total = used.reduce((sum, day) => sum + day[measure], 0);
  const { label, noun } = MEASURES[measure];

  return (
    <Card
      title={title}
      actions={
        <Select
          label="What is counted"
          choices={Object.entries(MEASURES).map(([value, { label }]) => ({
            value: measureOf(value),
            label,
          }))}
          value={measure}
          onChange={(of) => change({ of })}
        />
      }
    >
      <p className="mb-3 text-soft">{counted(total, noun)} in the last 30 days (UTC)</p>
      <Columns
        title={label}
        unit={label}
        columns={filled(used, new Date()).map((each) => ({ name: each.day, value: each[measure] }))}
      />
    </Card>
  );
}
