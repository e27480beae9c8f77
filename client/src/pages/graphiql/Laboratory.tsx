import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import { Suspense, use } from "react";
import { useScheme } from "../../shell/useScheme";
import { AsProgram } from "./AsProgram";
import { CostLine } from "./cost/CostLine";
import { EXAMPLES } from "./ExamplesPanel";
import { firstTabs } from "./examples";
import { fetcher } from "./fetcher";
import "./graphiql.css";
import { Who } from "./Who";

const tabs = firstTabs();
const plugins = [EXAMPLES, HISTORY_PLUGIN];
/** Who comes for the first time, and has the room, sees what there is to try. */
const opened =
  localStorage.getItem("graphiql:tabState") === null && innerWidth >= 1_000 ? EXAMPLES : undefined;

/** The whole API, to be tried: GraphiQL with examples, prices and the way into programs. */
export function Laboratory() {
  const scheme = useScheme();
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={use(tabs)}
      defaultEditorToolsVisibility="variables"
      plugins={plugins}
      {...(opened ? { visiblePlugin: opened } : {})}
      // told, for the editors do not follow the system by themselves
      forcedTheme={scheme}
    >
      <title>GraphiQL · Shoal</title>
      <GraphiQL.Logo>
        <a className="home" href="/">
          <img src="/favicon.svg" alt="" width="20" height="20" /> Shoal
        </a>
        <Who />
      </GraphiQL.Logo>
      <GraphiQL.Toolbar>
        {({ prettify, merge, copy }) => (
          <>
            {prettify}
            {merge}
            {copy}
            <AsProgram />
          </>
        )}
      </GraphiQL.Toolbar>
      <GraphiQL.Footer>
        <Suspense>
          <CostLine />
        </Suspense>
      </GraphiQL.Footer>
    </GraphiQL>
  );
}
