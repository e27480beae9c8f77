import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import type { TrashRow_ThingFragment } from "../../gql/graphql";
import { Day } from "../../ui/Day";
import { Moment } from "../../ui/Moment";
import { Td } from "../../ui/Table";
import { plainName } from "../../ui/words";
import { goes } from "./effects";
import { Purge } from "./Purge";
import { Restore } from "./Restore";

const ROW = graphql(`
  fragment TrashRow_thing on TrashedThing {
    id
    kind
    name
    revision
    trashedAt
    trashedBy { id name }
    purgeAt
    purgeJob { id status }
    effect {
      bytes
      objects
      versions
      modelVersions
      predictions
      blockers { message }
    }
  }
`);

interface TrashRowProps {
  thing: FragmentType<TrashRow_ThingFragment>;
  onChanged: () => void;
}

export function TrashRow({ thing: from, onChanged }: TrashRowProps) {
  const { data: thing } = useSuspenseFragment({ fragment: ROW, from });
  const { purgeJob } = thing;
  return (
    <tr>
      <Td className="min-w-40">
        <span className="font-medium">{thing.name}</span>
        <p className="text-xs text-soft">{thing.kind === "DATASET" ? "data set" : "model"}</p>
      </Td>
      <Td className="whitespace-nowrap">
        {thing.trashedAt && <Moment at={thing.trashedAt} />}
        {thing.trashedBy && <p className="text-xs text-soft">by {thing.trashedBy.name}</p>}
      </Td>
      <Td className="whitespace-nowrap">
        {purgeJob ? (
          <Link to={`/jobs/${purgeJob.id}`} className="text-accent underline">
            purge {plainName(purgeJob.status)}
          </Link>
        ) : (
          <Day at={thing.purgeAt} />
        )}
      </Td>
      <Td>
        {goes(thing.effect, thing.kind).join(", ")}
        {thing.effect.blockers.map(({ message }) => (
          <p key={message} className="text-xs text-warn">
            {message}
          </p>
        ))}
      </Td>
      <Td kind="action">
        {!purgeJob && (
          <div className="flex justify-end gap-2">
            <Restore thing={thing} onRestored={onChanged} />
            <Purge thing={thing} onPurged={onChanged} />
          </div>
        )}
      </Td>
    </tr>
  );
}
