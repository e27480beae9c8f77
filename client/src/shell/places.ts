/** What the navigation leads to, and for whom. */

import {
  Activity,
  Boxes,
  ChartColumn,
  CircleUser,
  Database,
  FileStack,
  FlaskConical,
  Gauge,
  KeyRound,
  ListChecks,
  type LucideIcon,
  MessageSquareText,
  PencilLine,
  ScrollText,
  Search,
  SlidersHorizontal,
  Trash2,
  Users,
  Webhook,
} from "lucide-react";
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
    places: [
      { to: "/overview", name: "Overview", icon: Gauge, role: "ADMIN" },
      { to: "/activity", name: "Activity", icon: Activity, role: "ADMIN" },
      { to: "/jobs", name: "Jobs", icon: ListChecks },
    ],
  },
  {
    title: "Build",
    places: [
      { to: "/datasets", name: "Data sets", icon: Database },
      { to: "/models", name: "Models", icon: Boxes },
    ],
  },
  {
    title: "Use",
    places: [
      { to: "/playground", name: "Playground", icon: MessageSquareText },
      { to: "/search", name: "Search", icon: Search },
      { to: "/corrections", name: "Corrections", icon: PencilLine },
      { to: "/bulk", name: "Bulk", icon: FileStack },
      { to: "/graphiql", name: "GraphiQL", icon: FlaskConical, isApart: true },
    ],
  },
  {
    title: "Yours",
    places: [
      { to: "/usage", name: "My usage", icon: ChartColumn },
      { to: "/keys", name: "My keys", icon: KeyRound },
      { to: "/webhooks", name: "Webhooks", icon: Webhook },
      { to: "/trash", name: "Trash", icon: Trash2 },
      { to: "/account", name: "Account", icon: CircleUser },
    ],
  },
  {
    title: "Govern",
    places: [
      { to: "/admin/users", name: "Users", icon: Users, role: "ADMIN" },
      { to: "/admin/audit", name: "Audit log", icon: ScrollText, role: "ADMIN" },
      { to: "/admin/limits", name: "Limits", icon: SlidersHorizontal, role: "ADMIN" },
    ],
  },
];
