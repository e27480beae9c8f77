import { useSuspenseQuery } from "@apollo/client/react";
import { useState } from "react";
import { graphql } from "../../../gql";
import type { FindingKind } from "../../../gql/graphql";
import { More } from "../../../ui/More";
import { Select } from "../../../ui/Select";
import { Empty } from "../../../ui/States";
import { useAddress } from "../../../ui/useAddress";
import { counted } from "../../../ui/words";
import { useDatasetPlace } from "../place";
import { FindingActions } from "./FindingActions";
import { FindingItem } from "./FindingItem";
import { KINDS, kindOf, STATUSES } from "./kinds";

const FINDINGS = graphql(`
  query Findings($id: ID!, $kind: FindingKind, $status: FindingStatus, $after: String) {
    node(id: $id) {
      __typename
      id
      ... on DatasetVersion {
        findings(first: 10, after: $after, kind: $kind, status: $status) {
          totalCount
          pageInfo { hasNextPage endCursor }
          nodes {
            id
            edits { row label drop }
            ...FindingItem_finding
          }
        }
      }
    }
  }
`);

const EVERY_KIND: readonly { value: FindingKind | ""; label: string }[] = [
  { value: "", label: "All kinds" },
  ...Object.entries(KINDS).map(([kind, label]) => ({ value: kind as FindingKind, label })),
];

/** The findings of the last check, the worst first, to be chosen and decided about. */
export function FindingList() {
  const { version } = useDatasetPlace();
  const [search, change] = useAddress();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const kind = kindOf(search.get("kind"));
  const status = STATUSES.find(({ value }) => value === search.get("status"))?.value ?? "OPEN";
  const { data, fetchMore, refetch } = useSuspenseQuery(FINDINGS, {
    variables: { id: version.id, kind, status },
  });
  if (data.node?.__typename !== "DatasetVersion") return null;
  const { nodes, pageInfo, totalCount } = data.node.findings;
  const chosen = nodes.filter(({ id }) => picked.has(id));

  function pick(id: string, isPicked: boolean) {
    const next = new Set(picked);
    if (isPicked) next.add(id);
    else next.delete(id);
    setPicked(next);
  }

  function choose(changes: Record<string, string>) {
    setPicked(new Set());
    change(changes);
  }

  return (
    <section aria-label="Findings" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <div className="w-52">
          <Select
            label="Kind"
            choices={EVERY_KIND}
            value={kind ?? ""}
            onChange={(next) => choose({ kind: next })}
          />
        </div>
        <div className="w-36">
          <Select
            label="Decision"
            choices={STATUSES}
            value={status}
            onChange={(next) => choose({ status: next })}
          />
        </div>
        <p role="status" className="text-soft">
          {counted(totalCount, "finding")}
          {chosen.length > 0 && `, ${chosen.length} chosen`}
        </p>
      </div>
      <FindingActions
        chosen={chosen}
        status={status}
        onDecided={() => {
          setPicked(new Set());
          refetch();
        }}
      />
      {nodes.length === 0 && <Empty title="No findings of this sort" />}
      <ul className="flex flex-col gap-3">
        {nodes.map((finding) => (
          <FindingItem
            key={finding.id}
            finding={finding}
            isPicked={picked.has(finding.id)}
            onPick={(isPicked) => pick(finding.id, isPicked)}
          />
        ))}
      </ul>
      <More pageInfo={pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
    </section>
  );
}
