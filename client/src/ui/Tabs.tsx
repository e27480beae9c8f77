import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

interface TabsProps {
  label: string;
  tabs: readonly { name: string; panel: ReactNode }[];
}

/** Views of one thing of which one is shown. Parts with addresses of their own: see LinkTabs. */
export function Tabs({ label, tabs }: TabsProps) {
  return (
    <Base.Root defaultValue={tabs[0]?.name} className="min-w-0">
      <Base.List
        aria-label={label}
        className="mb-3 flex gap-1 overflow-x-auto border-b border-line"
      >
        {tabs.map(({ name }) => (
          <Base.Tab
            key={name}
            value={name}
            className="-mb-px cursor-pointer border-b-2 border-transparent px-3 py-2 font-medium whitespace-nowrap text-soft hover:text-ink data-active:border-accent data-active:text-accent"
          >
            {name}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map(({ name, panel }) => (
        <Base.Panel key={name} value={name}>
          {panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
