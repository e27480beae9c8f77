import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import type { AuditEntryDetail_EntryFragment } from "../../gql/graphql";
import { Code } from "../../ui/Code";
import { Facts } from "../../ui/Facts";
import { AuditDiff } from "./AuditDiff";
import { pretty } from "./json";

const DETAIL = graphql(`
  fragment AuditEntryDetail_entry on AuditEntry {
    id
    at
    actor { id name email }
    apiKeyId
    subjectIds
    input
    changes { subjectId field before after }
    address
    userAgent
    requestId
    previousHash
    hash
  }
`);

interface AuditEntryDetailProps {
  entry: FragmentType<AuditEntryDetail_EntryFragment>;
}

/** All that is known of one mutation: what was asked, what it changed, and from where. */
export function AuditEntryDetail({ entry: from }: AuditEntryDetailProps) {
  const { data: entry } = useSuspenseFragment({ fragment: DETAIL, from });
  return (
    <div className="flex max-w-[calc(100vw-4rem)] flex-col gap-4 py-2 md:max-w-none">
      {entry.changes.length > 0 && <AuditDiff changes={entry.changes} />}
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        <Facts
          facts={[
            ["at", new Date(entry.at).toLocaleString()],
            ["by", entry.actor && `${entry.actor.name} (${entry.actor.email})`],
            ["with the key", entry.apiKeyId && <Only name="key" id={entry.apiKeyId} />],
            [
              "about",
              entry.subjectIds.length > 0 && (
                <ul>
                  {entry.subjectIds.map((id) => (
                    <li key={id}>
                      <Only name="subject" id={id} />
                    </li>
                  ))}
                </ul>
              ),
            ],
            ["from", `${entry.address} by ${entry.userAgent || "an unnamed program"}`],
            ["request", <code key="request">{entry.requestId}</code>],
            ["hash", <Hash key="hash" text={entry.hash} />],
            ["hash before", <Hash key="before" text={entry.previousHash} />],
          ]}
        />
        <div className="min-w-0">
          <p className="mb-1 font-medium">Its input</p>
          <Code label="The mutation's input" text={pretty(entry.input)} />
        </div>
      </div>
    </div>
  );
}

/** Leads to all entries with the same. */
function Only({ name, id }: { name: "key" | "subject"; id: string }) {
  return (
    <Link to={`/admin/audit?${name}=${id}`} className="break-all text-accent hover:underline">
      {id}
    </Link>
  );
}

function Hash({ text }: { text: string }) {
  return <code className="text-xs break-all">{text}</code>;
}
