import { GraphiQL } from "graphiql";
import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import { use } from "react";
import { session } from "../../api/session";
import { useViewer } from "../../shell/viewer";
import { examples } from "./examples";
import { createFetcher } from "./fetcher";
import "./graphiql.css";

const fetcher = createFetcher();
const tabs = examples();

export function Component() {
  const { email } = useViewer();
  return (
    <GraphiQL fetcher={fetcher} defaultTabs={use(tabs)} defaultEditorToolsVisibility="variables">
      <title>GraphiQL · Shoal</title>
      <GraphiQL.Logo>
        <a className="logo" href="/">
          <img src="/favicon.svg" alt="" width="20" height="20" /> Shoal
        </a>
        <span className="who">
          {email}
          <button type="button" onClick={() => session.signOut()}>
            Sign out
          </button>
        </span>
      </GraphiQL.Logo>
    </GraphiQL>
  );
}
