import { buildSchema, type GraphQLSchema } from "graphql";
import { use, useMemo } from "react";
import { count } from "../../../ui/words";
import { useTyped } from "../useTyped";
import { chargedIn } from "./charged";
import { mostOf } from "./most";

/** The file has the directives; what the server tells of its schema has not. */
const schema: Promise<GraphQLSchema> = import("../../../../../schema/schema.graphql?raw").then(
  (file) => buildSchema(file.default, { assumeValidSDL: true }),
);

/** What the typed operation may cost, and what the last run of it did. */
export function CostLine() {
  const { query, name, variables, response } = useTyped();
  const priced = use(schema);
  const most = useMemo(
    () => variables && mostOf(priced, query, variables, name),
    [priced, query, variables, name],
  );
  const charged = useMemo(() => chargedIn(response), [response]);
  return (
    <p className="cost">
      <span>
        Costs at most: <strong>{most === undefined ? "–" : points(most)}</strong>
      </span>
      {charged && (
        <span>
          Did cost: <strong>{points(charged.actual)}</strong> of {count(charged.requested)}{" "}
          reserved; {count(charged.available)} of {count(charged.capacity)} left
        </span>
      )}
    </p>
  );
}

const points = (number: number) => `${count(number)} ${number === 1 ? "point" : "points"}`;
