import { GraphiQL } from "graphiql";
import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import { use } from "react";
import { examples } from "./examples";
import { createFetcher } from "./fetcher";
import { session } from "./session";

const fetcher = createFetcher();
const tabs = examples();

export default function Laboratory({ email }: { email: string }) {
  return (
    <GraphiQL fetcher={fetcher} defaultTabs={use(tabs)} defaultEditorToolsVisibility="variables">
      <GraphiQL.Logo>
        <span className="logo">
          <img src="/favicon.svg" alt="" width="20" height="20" /> Shoal
        </span>
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
