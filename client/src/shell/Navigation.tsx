import { clsx } from "clsx";
import { NavLink } from "react-router";
import { PLACES, type Place } from "./places";
import { useViewer } from "./viewer";

export function Navigation({ onLeave }: { onLeave?: () => void }) {
  const { role } = useViewer();
  return (
    <nav aria-label="Main" className="flex flex-col gap-4 p-3">
      {PLACES.map(({ title, places }) => {
        const open = places.filter((place) => !place.role || place.role === role);
        return (
          open.length > 0 && (
            <section key={title} aria-label={title}>
              <h2 className="px-2 pb-1 text-xs font-semibold text-soft">{title}</h2>
              <ul>
                {open.map((place) => (
                  <li key={place.to}>
                    <PlaceLink place={place} {...(onLeave ? { onLeave } : {})} />
                  </li>
                ))}
              </ul>
            </section>
          )
        );
      })}
    </nav>
  );
}

function PlaceLink({ place, onLeave }: { place: Place; onLeave?: () => void }) {
  const { to, name, icon: Icon, isApart = false } = place;
  return (
    <NavLink
      to={to}
      reloadDocument={isApart}
      {...(onLeave ? { onClick: onLeave } : {})}
      className={({ isActive }) =>
        clsx(
          "flex items-center gap-2 rounded-md px-2 py-1.5",
          isActive ? "bg-accent-soft font-medium text-accent" : "text-ink hover:bg-raised",
        )
      }
    >
      <Icon aria-hidden="true" className="size-4" />
      {name}
    </NavLink>
  );
}
