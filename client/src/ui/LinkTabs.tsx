import { clsx } from "clsx";
import { NavLink } from "react-router";

interface LinkTabsProps {
  label: string;
  tabs: readonly { to: string; name: string }[];
}

/** The parts of a thing, each with an address of its own. */
export function LinkTabs({ label, tabs }: LinkTabsProps) {
  return (
    <nav aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line">
      {tabs.map(({ to, name }) => (
        <NavLink
          key={to}
          to={to}
          end
          className={({ isActive }) =>
            clsx(
              "-mb-px border-b-2 px-3 py-2 font-medium whitespace-nowrap",
              isActive
                ? "border-accent text-accent"
                : "border-transparent text-soft hover:text-ink",
            )
          }
        >
          {name}
        </NavLink>
      ))}
    </nav>
  );
}
