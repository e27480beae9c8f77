import { Suspense } from "react";
import { Card } from "../../../ui/Card";
import { Select } from "../../../ui/Select";
import { Loading } from "../../../ui/States";
import { useAddress } from "../../../ui/useAddress";
import { useDatasetPlace } from "../place";
import { RowDiff } from "./RowDiff";

/** What differs between two versions; which two is in the address. */
export function DiffPick() {
  const { versions } = useDatasetPlace();
  const [search, change] = useAddress();
  const ready = versions.filter(({ status }) => status === "READY");
  const to = ready.find(({ id }) => id === search.get("to")) ?? ready[0];
  const from = ready.find(({ id }) => id === search.get("from")) ?? ready[1];
  if (!from || !to) return null;
  const choices = ready.map(({ id, number }) => ({ value: id, label: `Version ${number}` }));

  return (
    <Card
      title="What differs"
      actions={
        <>
          <div className="w-32">
            <Select
              label="From"
              choices={choices}
              value={from.id}
              onChange={(id) => change({ from: id })}
            />
          </div>
          <span aria-hidden="true">→</span>
          <div className="w-32">
            <Select
              label="To"
              choices={choices}
              value={to.id}
              onChange={(id) => change({ to: id })}
            />
          </div>
        </>
      }
    >
      {from.id === to.id ? (
        <p className="text-soft">Choose two different versions.</p>
      ) : (
        <Suspense fallback={<Loading />}>
          <RowDiff key={`${from.id} ${to.id}`} from={from.id} to={to.id} />
        </Suspense>
      )}
    </Card>
  );
}
