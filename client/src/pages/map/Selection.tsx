import { Suspense, useMemo } from "react";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Loading } from "../../ui/States";
import { save } from "../../ui/save";
import { complain } from "../../ui/toast";
import { counted } from "../../ui/words";
import type { MapEngine } from "./engine";
import { MergeClusters } from "./MergeClusters";
import type { PointRef } from "./points";
import { RenameCluster } from "./RenameCluster";
import { SelectionTable } from "./SelectionTable";
import { SplitCluster } from "./SplitCluster";
import type { Cluster, Version } from "./VersionMap";

const SHOWN = 200;
const NAMED = 5;

interface SelectionProps {
  engine: MapEngine;
  version: Version;
  revision: number;
  chosen: readonly Cluster[];
  points: readonly PointRef[] | undefined;
  isLine: boolean;
  onEdited: () => void;
  onClear: () => void;
}

/** What is chosen, by a line or in the list: its texts, and what may be done with its clusters. */
export function Selection(props: SelectionProps) {
  const { engine, version, revision, chosen, points, isLine, onEdited, onClear } = props;
  const rows = useMemo(() => points && firstOf(engine, points), [engine, points]);
  if (!points || !rows) return null;
  const edit = { versionId: version.id, revision, onEdited };
  const [only] = chosen;

  async function exportAll() {
    try {
      const all = await engine.rows(points ?? []);
      const { csvOf } = await import("./csv");
      save(`map-version-${version.number}.csv`, "text/csv", csvOf(all));
    } catch (error) {
      complain(error);
    }
  }

  return (
    <Card
      title={`${counted(points.length, "text")} selected`}
      actions={
        <>
          {only && chosen.length === 1 && <RenameCluster cluster={only} {...edit} />}
          {only && chosen.length === 1 && <SplitCluster cluster={only} {...edit} />}
          {chosen.length > 1 && <MergeClusters clusters={chosen} {...edit} />}
          <Button onClick={() => engine.lookAt(chosen.map(({ bounds }) => bounds))}>
            Show on the map
          </Button>
          <Button onClick={exportAll}>Export CSV</Button>
          <Button look="quiet" onClick={onClear}>
            Clear
          </Button>
        </>
      }
    >
      <p className="mb-2 text-soft">{told(chosen, isLine)}</p>
      <Suspense fallback={<Loading />}>
        <SelectionTable rows={rows} total={points.length} />
      </Suspense>
    </Card>
  );
}

/** Never refused: what went wrong is told, and the rest of the page stays. */
async function firstOf(engine: MapEngine, points: readonly PointRef[]) {
  try {
    return await engine.rows(points.slice(0, SHOWN));
  } catch (error) {
    complain(error);
    return [];
  }
}

function told(chosen: readonly Cluster[], isLine: boolean): string {
  const first = chosen.slice(0, NAMED).map(({ name }) => `“${name}”`);
  const more = chosen.length > NAMED ? [`${chosen.length - NAMED} more`] : [];
  const names = [...first, ...more].join(", ");
  if (!isLine) return `All of ${names}.`;
  return names
    ? `Inside the line, with most of ${names}. Actions are for whole clusters.`
    : "Inside the line, with most of no cluster: choose clusters in the list to edit them.";
}
