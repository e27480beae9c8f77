import { useSearchParams } from "react-router";
import { Empty } from "../../../ui/States";
import { useDatasetPlace } from "../place";
import { FoundRows } from "./FoundRows";
import { PreviewBar } from "./PreviewBar";
import { RowList } from "./RowList";

/** The rows of a version: all of them, filtered, or found by what they mean. */
export function Component() {
  const { version } = useDatasetPlace();
  const [search] = useSearchParams();
  const asked = search.get("search");
  if (version.status !== "READY") return <Empty title="It has no rows that could be shown" />;
  return (
    <div className="flex flex-col gap-4">
      <PreviewBar />
      {asked ? <FoundRows versionId={version.id} text={asked} /> : <RowList />}
    </div>
  );
}
