import { session } from "../api/session";
import { Menu, MenuItem } from "../ui/Menu";
import { complain } from "../ui/toast";
import { AccountButton } from "./AccountButton";
import { setTheme, THEMES, useTheme } from "./theme";

export function AccountMenu() {
  const theme = useTheme();
  return (
    <Menu trigger={<AccountButton />}>
      {THEMES.map((each) => (
        <MenuItem key={each} disabled={each === theme} onSelect={() => setTheme(each)}>
          Theme: {each}
        </MenuItem>
      ))}
      <MenuItem onSelect={() => session.signOut().catch(complain)}>Sign out</MenuItem>
      <MenuItem onSelect={() => session.signOut(true).catch(complain)}>
        Sign out everywhere
      </MenuItem>
    </Menu>
  );
}
