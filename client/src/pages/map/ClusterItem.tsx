import { Collapsible } from "@base-ui/react/collapsible";
import { ChevronRight } from "lucide-react";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { count, percent } from "../../ui/words";
import { categoryPaint, colourOf, glyphOf, type Scheme } from "./palette";
import type { Cluster } from "./VersionMap";

interface ClusterItemProps {
  cluster: Cluster;
  home: number;
  scheme: Scheme;
  isChosen: boolean;
  onToggle: (isChosen: boolean) => void;
  onLook: () => void;
}

/** A cluster in the list; opened, it tells what is in it. */
export function ClusterItem({
  cluster,
  home,
  scheme,
  isChosen,
  onToggle,
  onLook,
}: ClusterItemProps) {
  const { name, size, keywords, exemplars, cohesion } = cluster;
  const paint = categoryPaint(home);
  return (
    <Collapsible.Root render={<li />} className="border-t border-line py-1.5 first:border-0">
      <div className="flex items-center gap-2 pl-0.5">
        <Checkbox label={`Choose ${name}`} checked={isChosen} onChange={onToggle} />
        <Collapsible.Trigger className="group flex min-w-0 flex-1 cursor-pointer items-center gap-1.5 text-left">
          <span aria-hidden="true" style={{ color: colourOf(paint, scheme) }}>
            {glyphOf(paint)}
          </span>
          <span className="min-w-0 flex-1 truncate">{name}</span>
          <span className="text-xs text-soft tabular-nums">{count(size)}</span>
          <ChevronRight
            aria-hidden="true"
            className="size-4 text-soft group-data-panel-open:rotate-90"
          />
        </Collapsible.Trigger>
      </div>
      <Collapsible.Panel className="flex flex-col gap-2 py-2 pl-7 text-xs">
        <p className="text-soft">
          {keywords.join(", ")}
          {cohesion !== null && ` · cohesion ${percent(cohesion)}`}
        </p>
        <ul className="flex list-disc flex-col gap-1 pl-4">
          {exemplars.slice(0, EXEMPLARS).map((text) => (
            <li key={text} className="break-words">
              {text}
            </li>
          ))}
        </ul>
        <div>
          <Button onClick={onLook}>Show on the map</Button>
        </div>
      </Collapsible.Panel>
    </Collapsible.Root>
  );
}

const EXEMPLARS = 5;
