import { useState } from "react";
import { Button } from "../../../ui/Button";

const FIRST = 12;

/** The first rows of a table that may be long, and the button that shows the rest. */
export function useFirst<Row>(rows: readonly Row[]) {
  const [isWhole, setWhole] = useState(false);
  const more = rows.length > FIRST && (
    <Button look="quiet" className="mt-2" onClick={() => setWhole(!isWhole)}>
      {isWhole ? "Show fewer" : `Show all ${rows.length}`}
    </Button>
  );
  return { first: isWhole ? rows : rows.slice(0, FIRST), more };
}
