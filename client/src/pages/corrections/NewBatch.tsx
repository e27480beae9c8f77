import { useState } from "react";
import { useNavigate } from "react-router";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Moment } from "../../ui/Moment";
import { Select } from "../../ui/Select";
import { complain } from "../../ui/toast";
import { counted } from "../../ui/words";
import { useCreateBatch } from "./useCreateBatch";

const SIZES = ["10", "25", "50", "100"].map((value) => ({ value, label: `${value} texts` }));

interface NewBatchProps {
  reportId: string;
  measuredAt: string;
  findings: {
    message: string;
    holes: readonly { number: number; name: string; texts: number }[];
  };
}

/** A batch out of the newest measurement of drift. */
export function NewBatch({ reportId, measuredAt, findings }: NewBatchProps) {
  const [size, setSize] = useState("25");
  const [isBusy, setBusy] = useState(false);
  const create = useCreateBatch();
  const navigate = useNavigate();

  async function make() {
    setBusy(true);
    const { done, refusal } = await create(reportId, Number(size));
    setBusy(false);
    if (done?.batch) navigate(`/corrections/labelling/${done.batch.id}`);
    else complain(refusal ?? "No batch was made.");
  }

  return (
    <Card title="A new batch">
      <div className="flex flex-col items-start gap-3">
        <p className="wrap-anywhere">
          {findings.message}{" "}
          <span className="text-soft">
            Measured <Moment at={measuredAt} />.
          </span>
        </p>
        {findings.holes.length > 0 && (
          <ul className="list-disc pl-5">
            {findings.holes.slice(0, 5).map(({ number, name, texts }) => (
              <li key={number}>
                {name} <span className="text-soft">({counted(texts, "text")})</span>
              </li>
            ))}
          </ul>
        )}
        <div className="flex flex-wrap items-center gap-2">
          <div className="w-32">
            <Select label="Size" choices={SIZES} value={size} onChange={setSize} />
          </div>
          <Button look="primary" disabled={isBusy} onClick={make}>
            Choose what teaches most
          </Button>
        </div>
      </div>
    </Card>
  );
}
