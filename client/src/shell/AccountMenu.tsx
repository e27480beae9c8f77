import { CircleUser } from "lucide-react";
import { session } from "../api/session";
import { Button } from "../ui/Button";
import { Menu, MenuItem } from "../ui/Menu";
import { setTheme, THEMES, useTheme } from "./theme";
import { useViewer } from "./viewer";

export function AccountMenu() {
  const { email } = useViewer();
  const theme = useTheme();
  return (
    <Menu
      trigger={
        <Button look="quiet" aria-label={`Account of ${email}`}>
          <CircleUser aria-hidden="true" className="size-5" />
          <span className="hidden max-w-48 truncate sm:inline">{email}</span>
        </Button>
      }
    >
      {THEMES.map((each) => (
        <MenuItem key={each} disabled={each === theme} onSelect={() => setTheme(each)}>
          Theme: {each}
        </MenuItem>
      ))}
      <MenuItem onSelect={() => session.signOut()}>Sign out</MenuItem>
      <MenuItem onSelect={() => session.signOut(true)}>Sign out everywhere</MenuItem>
    </Menu>
  );
}
