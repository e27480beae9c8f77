import { Suspense } from "react";
import { Button } from "../../../../ui/Button";
import { Dialog, DialogClose } from "../../../../ui/Dialog";
import { Loading } from "../../../../ui/States";
import { counted } from "../../../../ui/words";
import { ConfusedRows } from "./ConfusedRows";

interface CellDialogProps {
  version: string;
  /** The cell that is open. */
  cell: { actual: string; predicted: string } | undefined;
  confusions: readonly {
    actual: string;
    predicted: string;
    rows: number;
    numbers: readonly number[];
  }[];
  onClose: () => void;
}

/** The rows behind a cell. */
export function CellDialog({ version, cell, confusions, onClose }: CellDialogProps) {
  const found = confusions.find(
    ({ actual, predicted }) => actual === cell?.actual && predicted === cell.predicted,
  );
  const { rows, numbers } = found ?? { rows: 0, numbers: [] };
  return (
    <Dialog
      title={cell ? `${cell.actual} answered as ${cell.predicted}` : ""}
      description={`${counted(rows, "row")} of the test${rows > numbers.length && numbers.length > 0 ? `; the first ${numbers.length}` : ""}`}
      open={cell !== undefined}
      onOpenChange={onClose}
    >
      {rows > 0 && numbers.length === 0 && (
        <p className="text-soft">
          This version is from before rows were kept for each cell. Train it again to see them.
        </p>
      )}
      {numbers.length > 0 && (
        <Suspense fallback={<Loading lines={3} />}>
          <ConfusedRows version={version} numbers={numbers} />
        </Suspense>
      )}
      <DialogClose render={<Button className="self-end">Close</Button>} />
    </Dialog>
  );
}
