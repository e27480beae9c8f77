import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useScheme } from "../../shell/useScheme";
import { useViewer } from "../../shell/viewer";
import { Card } from "../../ui/Card";
import { Failure } from "../../ui/States";
import { count, counted } from "../../ui/words";
import { ClusterList } from "./ClusterList";
import { EditLog } from "./EditLog";
import type { MapEngine } from "./engine";
import { Legend } from "./Legend";
import { LiveDrops } from "./LiveDrops";
import { MapCanvas } from "./MapCanvas";
import { MapTools } from "./MapTools";
import { type PointRef, tally } from "./points";
import { Selection } from "./Selection";
import type { Mode } from "./scatter";
import { useMapView } from "./useMapView";
import type { ClusterMap, Version } from "./VersionMap";

/** A line chooses the clusters of which it has at least this share. */
const MOST_OF_IT = 0.5;

interface MapBoardProps {
  modelId: string;
  engine: MapEngine;
  version: Version;
  map: ClusterMap;
  again: () => void;
}

/** The map, the list of its clusters, and what is chosen of them. */
export function MapBoard({ modelId, engine, version, map, again }: MapBoardProps) {
  const state = useSyncExternalStore(engine.subscribe, engine.state);
  const scheme = useScheme();
  const view = useMapView();
  const { role } = useViewer();
  const [mode, setMode] = useState<Mode>("pan");
  const [line, setLine] = useState<readonly PointRef[]>();
  const clusters = useMemo(() => [...map.clusters].sort((a, b) => b.size - a.size), [map.clusters]);
  const chosen = clusters.filter(({ id }) => view.chosen.includes(id));
  const chosenKey = chosen.map(({ id }) => id).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: points come and move by themselves
  const selected = useMemo(() => {
    if (line || !chosenKey) return line;
    const ids = new Set(chosenKey.split(","));
    const homes = clusters.flatMap(({ id }, home) => (ids.has(id) ? [home] : []));
    return engine.points.of(new Set(homes));
  }, [line, chosenKey, clusters, engine, state.loaded, state.settled]);

  useEffect(() => engine.load(), [engine]);
  useEffect(() => void engine.settle(clusters), [engine, clusters]);
  useEffect(() => engine.dress(scheme), [engine, scheme]);
  useEffect(() => engine.steer(mode), [engine, mode]);
  useEffect(() => engine.colourBy(view.colouring), [engine, view.colouring]);
  useEffect(() => engine.brighten(selected), [engine, selected]);

  function lasso(points: PointRef[]) {
    if (points.length === 0) return clear();
    const inside = tally(engine.points, points);
    setLine(points);
    setMode("pan");
    view.choose(
      clusters
        .filter(({ size }, home) => (inside.get(home) ?? 0) >= MOST_OF_IT * size)
        .map(({ id }) => id),
    );
  }

  function clear() {
    setLine(undefined);
    view.choose([]);
  }

  function chooseOne(home: number) {
    const id = clusters[home]?.id;
    setLine(undefined);
    view.choose(id && !view.chosen.includes(id) ? [id] : []);
  }

  return (
    <>
      {state.problem && <Failure error={new Error(state.problem)} onRetry={() => engine.load()} />}
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <Card
          title={`Version ${version.number}`}
          actions={
            <MapTools
              engine={engine}
              mode={mode}
              onMode={setMode}
              colouring={view.colouring}
              onColour={view.colourBy}
            />
          }
        >
          <MapCanvas
            engine={engine}
            map={map}
            clusters={clusters}
            colouring={view.colouring}
            scheme={scheme}
            mode={mode}
            start={view.start}
            onRest={view.rest}
            onLasso={lasso}
            onClick={chooseOne}
          />
          <p role="status" className="mt-2 text-xs text-soft">
            {state.isLoading
              ? `${count(state.loaded)} of ${counted(map.pointCount, "text")} …`
              : `${counted(state.loaded, "text")}. Drag to move, scroll or pinch to zoom; with Shift held, draw a line around texts to select them.`}
          </p>
          {role === "ADMIN" && (
            <LiveDrops engine={engine} modelId={modelId} versionId={version.id} />
          )}
          <Legend
            engine={engine}
            colouring={view.colouring}
            scheme={scheme}
            loaded={state.loaded}
            settled={state.settled}
          />
        </Card>
        <ClusterList
          clusters={clusters}
          chosen={view.chosen}
          scheme={scheme}
          onChoose={view.choose}
          onLook={(each) => engine.lookAt([each.bounds])}
        />
      </div>
      <Selection
        engine={engine}
        version={version}
        revision={map.revision}
        chosen={chosen}
        points={selected}
        isLine={line !== undefined}
        onEdited={again}
        onClear={clear}
      />
      <EditLog version={version.id} map={map} onEdited={again} />
    </>
  );
}
