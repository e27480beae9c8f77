import { EllipsisVertical } from "lucide-react";
import type { JobKind, Queues_SystemFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Menu, MenuItem } from "../../ui/Menu";
import { plainName } from "../../ui/words";
import { useQueueModes } from "./useQueueModes";

type Queue = Queues_SystemFragment["queues"][number];

/** For maintenance: let nothing new begin, hand back what runs, go on. */
export function QueueActions({ queue: { name, mode } }: { queue: Queue }) {
  const set = useQueueModes(name as JobKind);
  if (name === "INFERENCE") return null;
  return (
    <Menu
      trigger={
        <Button look="quiet" aria-label={`Queue ${plainName(name)}`} className="px-1.5">
          <EllipsisVertical aria-hidden="true" className="size-4" />
        </Button>
      }
    >
      <MenuItem disabled={mode === "PAUSED"} onSelect={() => set("pause")}>
        Pause: nothing new begins
      </MenuItem>
      <MenuItem disabled={mode === "DRAINING"} onSelect={() => set("drain")}>
        Drain: what runs is handed back as well
      </MenuItem>
      <MenuItem disabled={mode === "OPEN"} onSelect={() => set("resume")}>
        Resume
      </MenuItem>
    </Menu>
  );
}
