import { Download } from "lucide-react";
import type { AuditFilter, ExportFormat } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Menu, MenuItem } from "../../ui/Menu";
import { complain } from "../../ui/toast";
import { useExportLog } from "./useExportLog";

const FORMATS: readonly { format: ExportFormat; words: string }[] = [
  { format: "CSV", words: "CSV, for a spreadsheet" },
  { format: "JSONL", words: "JSON lines, with all that the hashes are made of" },
];

/** A file of the entries that are listed now. */
export function ExportLog({ filter }: { filter: AuditFilter }) {
  const exportLog = useExportLog();

  async function download(format: ExportFormat) {
    const { done, refusal } = await exportLog({ format, filter });
    if (refusal) complain(refusal);
    if (done?.url) location.assign(done.url);
  }

  return (
    <Menu
      trigger={
        <Button>
          <Download aria-hidden="true" className="size-4" /> Export
        </Button>
      }
    >
      {FORMATS.map(({ format, words }) => (
        <MenuItem key={format} onSelect={() => download(format)}>
          {words}
        </MenuItem>
      ))}
    </Menu>
  );
}
