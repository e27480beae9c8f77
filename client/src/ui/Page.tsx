import type { ReactNode } from "react";

interface PageProps {
  title: string;
  /** Beside the title: a badge. */
  mark?: ReactNode;
  /** One line under the title. */
  summary?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page of the dashboard: its title is the document's as well. */
export function Page({ title, mark, summary, actions, children }: PageProps) {
  return (
    <div className="mx-auto flex w-full max-w-7xl flex-col gap-4 p-4 md:p-6">
      <title>{`${title} · Shoal`}</title>
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-3">
            <h1 className="text-2xl font-semibold break-words">{title}</h1>
            {mark}
          </div>
          {summary && <p className="mt-1 text-soft">{summary}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
