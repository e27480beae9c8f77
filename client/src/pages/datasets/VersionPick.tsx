import { useSearchParams } from "react-router";
import type { VersionStatus } from "../../gql/graphql";
import { Select } from "../../ui/Select";
import { counted } from "../../ui/words";

interface VersionPickProps {
  versions: readonly { id: string; number: number; status: VersionStatus; rows: number }[];
  chosen: string;
}

/** Which version of the data set is looked at; the newest unless the address says otherwise. */
export function VersionPick({ versions, chosen }: VersionPickProps) {
  const [, setSearch] = useSearchParams();
  if (versions.length < 2) return null;
  return (
    <div className="w-64 max-w-full">
      <Select
        label="Version"
        choices={versions.map(({ id, number, status, rows }) => ({
          value: id,
          label: `Version ${number} · ${status === "READY" ? counted(rows, "row") : status.toLowerCase()}`,
        }))}
        value={chosen}
        onChange={(id) => setSearch(id === versions[0]?.id ? {} : { version: id })}
      />
    </div>
  );
}
