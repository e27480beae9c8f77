import { LinkTabs } from "../../ui/LinkTabs";

const TABS = [
  { to: "/admin/users", name: "Users" },
  { to: "/admin/invitations", name: "Invitations" },
] as const;

export const AdminTabs = () => <LinkTabs label="Who may come in" tabs={TABS} />;
