import { graphql } from "../../gql";
import type { Space_SystemFragment } from "../../gql/graphql";
import { Card } from "../../ui/Card";
import { Facts } from "../../ui/Facts";
import { Moment } from "../../ui/Moment";
import { bytes, counted, plainName } from "../../ui/words";

graphql(`
  fragment Space_system on System {
    storage {
      bytes
      objects
      measuredAt
      kinds { kind bytes objects }
    }
  }
`);

/** What is kept, and how much room it takes. */
export function Space({ system: { storage } }: { system: Space_SystemFragment }) {
  if (!storage) {
    return (
      <Card title="Storage">
        <p className="text-soft">It is being measured.</p>
      </Card>
    );
  }
  return (
    <Card
      title="Storage"
      actions={
        <span className="text-soft">
          measured <Moment at={storage.measuredAt} />
        </span>
      }
    >
      <Facts
        facts={[
          ["all", `${bytes(storage.bytes)} in ${counted(storage.objects, "object")}`],
          ...storage.kinds.map(
            (each) =>
              [
                plainName(each.kind),
                `${bytes(each.bytes)} in ${counted(each.objects, "object")}`,
              ] as const,
          ),
        ]}
      />
    </Card>
  );
}
