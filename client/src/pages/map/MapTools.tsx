import { Hand, Lasso, Maximize, ZoomIn, ZoomOut } from "lucide-react";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import type { MapEngine } from "./engine";
import { COLOURINGS, type Colouring } from "./paint";
import type { Mode } from "./scatter";

interface MapToolsProps {
  engine: MapEngine;
  mode: Mode;
  onMode: (mode: Mode) => void;
  colouring: Colouring;
  onColour: (colouring: Colouring) => void;
}

const STEP = 1.6;
const CHOICES = COLOURINGS.map(({ value, label }) => ({
  value,
  label: `By ${label.toLowerCase()}`,
}));

/** What the pointer does, how near one is, and what the colours tell. */
export function MapTools({ engine, mode, onMode, colouring, onColour }: MapToolsProps) {
  const isLasso = mode === "lasso";
  return (
    <>
      <div className="w-40">
        <Select label="Colour by" choices={CHOICES} value={colouring} onChange={onColour} />
      </div>
      <Button
        aria-pressed={isLasso}
        onClick={() => onMode(isLasso ? "pan" : "lasso")}
        className="aria-pressed:border-accent aria-pressed:text-accent"
      >
        {isLasso ? (
          <Hand aria-hidden="true" className="size-4" />
        ) : (
          <Lasso aria-hidden="true" className="size-4" />
        )}
        Select by a line
      </Button>
      <Button aria-label="Nearer" className="px-2" onClick={() => engine.zoomBy(STEP)}>
        <ZoomIn aria-hidden="true" className="size-4" />
      </Button>
      <Button aria-label="Farther" className="px-2" onClick={() => engine.zoomBy(1 / STEP)}>
        <ZoomOut aria-hidden="true" className="size-4" />
      </Button>
      <Button aria-label="The whole map" className="px-2" onClick={() => engine.lookAt()}>
        <Maximize aria-hidden="true" className="size-4" />
      </Button>
    </>
  );
}
