/** What the navigation leads to, and for whom. */

import { FlaskConical, ListChecks, type LucideIcon } from "lucide-react";
import type { Role } from "../gql/graphql";

export interface Place {
  to: string;
  name: string;
  icon: LucideIcon;
  role?: Role;
  /** Not part of the dashboard: the whole page is drawn anew. */
  isApart?: boolean;
}

export const PLACES: readonly { title: string; places: readonly Place[] }[] = [
  {
    title: "Watch",
    places: [{ to: "/jobs", name: "Jobs", icon: ListChecks }],
  },
  {
    title: "Use",
    places: [{ to: "/graphiql", name: "GraphiQL", icon: FlaskConical, isApart: true }],
  },
];
