import { IN_PLACE, useAddress } from "../../ui/useAddress";
import type { Place } from "./camera";
import { COLOURINGS, type Colouring } from "./paint";

interface MapView {
  colouring: Colouring;
  /** Where the address says to look; undefined for the whole map. */
  start: Place | undefined;
  /** Ids of the clusters that are chosen. */
  chosen: readonly string[];
  colourBy: (colouring: Colouring) => void;
  rest: (place: Place) => void;
  choose: (clusters: readonly string[]) => void;
}

/** What of the map's view is in the address. */
export function useMapView(): MapView {
  // There are many changes on one visit.
  const [search, change] = useAddress(IN_PLACE);

  return {
    colouring: COLOURINGS.find(({ value }) => value === search.get("colour"))?.value ?? "cluster",
    start: startOf(search),
    chosen: search.get("clusters")?.split(",") ?? [],
    colourBy: (colouring) => change({ colour: colouring }),
    rest: ({ x, y, zoom }) => change({ x: x.toFixed(3), y: y.toFixed(3), zoom: zoom.toFixed(2) }),
    choose: (clusters) => change({ clusters: clusters.join(",") }),
  };
}

function startOf(search: URLSearchParams): Place | undefined {
  const [x, y, zoom] = ["x", "y", "zoom"].map((name) => Number.parseFloat(search.get(name) ?? ""));
  const isWhole = [x, y, zoom].every((each) => Number.isFinite(each));
  return isWhole ? { x: x ?? 0, y: y ?? 0, zoom: zoom ?? 0 } : undefined;
}
