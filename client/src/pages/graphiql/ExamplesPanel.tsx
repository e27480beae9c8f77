import { type GraphiQLPlugin, pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { FlaskConical } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useCaller } from "./caller";
import { type Example, GROUPS, openedTab } from "./examples";

export const EXAMPLES: GraphiQLPlugin = {
  title: "Examples",
  icon: () => <FlaskConical aria-hidden="true" />,
  content: ExamplesPanel,
};

/** With less, the panel lies over the editors: graphiql.css says so. */
const ROOM_PX = 800;

/** What can be asked, by purpose; a click opens it in a tab of its own, with the caller's ids. */
function ExamplesPanel() {
  const { key, viewer } = useCaller();
  const [words, setWords] = useState("");
  const sought = useDeferredValue(words.trim().toLowerCase());
  const seesAll = Boolean(key) || viewer?.role === "ADMIN";
  const open = useOpen();
  const groups = GROUPS.map(({ title, examples }) => ({
    title,
    examples: examples.filter(
      (each) =>
        (seesAll || !each.isForAdmins) &&
        `${title} ${each.name} ${each.about}`.toLowerCase().includes(sought),
    ),
  })).filter(({ examples }) => examples.length > 0);
  return (
    <section aria-label="Examples" className="examples">
      <h2>Examples</h2>
      <input
        type="search"
        aria-label="Find an example"
        placeholder="Find an example"
        value={words}
        onChange={({ target }) => setWords(target.value)}
      />
      {groups.length === 0 && <p>No example has these words.</p>}
      {groups.map(({ title, examples }) => (
        <section key={title} aria-label={title}>
          <h3>{title}</h3>
          <ul>
            {examples.map((example) => (
              <li key={example.name}>
                <button type="button" onClick={() => open(example)}>
                  <strong>{example.name}</strong>
                  <span>{example.about}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

function useOpen(): (example: Example) => Promise<void> {
  const { addTab, setVisiblePlugin, updateActiveTabValues } = useGraphiQLActions();
  const { tabs, activeTabIndex, queryEditor, variableEditor } = useGraphiQL(
    pick("tabs", "activeTabIndex", "queryEditor", "variableEditor"),
  );
  return async (example) => {
    // The latest answers are likeliest in the tab that is open, then in those opened last.
    const active = tabs[activeTabIndex];
    const answers = [active, ...tabs.toReversed()].map((tab) => tab?.response ?? "");
    const { query, variables } = await openedTab(example, answers);
    addTab();
    queryEditor?.setValue(query ?? "");
    variableEditor?.setValue(variables ?? "");
    updateActiveTabValues({ query, variables: variables ?? null, operationName: example.name });
    if (innerWidth < ROOM_PX) setVisiblePlugin(null);
    requestAnimationFrame(() => {
      document.querySelector(".graphiql-tab-active")?.scrollIntoView({ inline: "nearest" });
    });
  };
}
