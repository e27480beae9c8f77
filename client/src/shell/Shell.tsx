import { Menu as MenuIcon } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Link, Outlet, ScrollRestoration, useNavigation } from "react-router";
import { Button } from "../ui/Button";
import { Loading } from "../ui/States";
import { AccountButton } from "./AccountButton";
import { Navigation } from "./Navigation";
import { Offline } from "./Offline";

// Menus are a tenth of the code that every page would wait for.
const AccountMenu = lazy(async () => {
  const { AccountMenu } = await import("./AccountMenu");
  return { default: AccountMenu };
});

/** The frame around every page: where one is, where one may go, who one is. */
export function Shell() {
  const [isOpen, setOpen] = useState(false);
  const isMoving = useNavigation().state !== "idle";
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr] md:grid-cols-[13rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-30 focus:bg-surface focus:p-2"
      >
        To the page's content
      </a>
      <header className="sticky top-0 z-10 col-span-full flex h-12 items-center gap-2 border-b border-line bg-surface px-3 py-1.5">
        <Button
          look="quiet"
          className="md:hidden"
          aria-label="Navigation"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <MenuIcon aria-hidden="true" className="size-5" />
        </Button>
        <Link to="/" className="flex items-center gap-2 text-base font-semibold">
          <img src="/favicon.svg" alt="" width="24" height="24" /> Shoal
        </Link>
        <div className="flex-1" />
        <Suspense fallback={<AccountButton aria-disabled="true" />}>
          <AccountMenu />
        </Suspense>
      </header>
      <aside
        className={`${isOpen ? "block" : "hidden"} border-line bg-surface md:block md:border-r`}
      >
        <div className="md:sticky md:top-12 md:max-h-[calc(100dvh-3rem)] md:overflow-y-auto">
          <Navigation onLeave={() => setOpen(false)} />
        </div>
      </aside>
      <main id="main" className="min-w-0" aria-busy={isMoving}>
        <Offline />
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
      <ScrollRestoration />
    </div>
  );
}
