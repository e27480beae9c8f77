import { ToolbarButton } from "@graphiql/react";
import { CodeXml } from "lucide-react";
import { useState } from "react";
import { apolloOf } from "../../code/apollo";
import { curlOf } from "../../code/curl";
import { only } from "../../code/operation";
import { pythonOf } from "../../code/python";
import { type ApiRequest, KEY_NAME } from "../../code/request";
import { Code } from "../../ui/Code";
import { Dialog } from "../../ui/Dialog";
import { Tabs } from "../../ui/Tabs";
import { useTyped } from "./useTyped";

/** The tab's operation as curl, Python and Apollo, to be copied. */
export function AsProgram() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <ToolbarButton label="Copy as curl, Python or Apollo" onClick={() => setOpen(true)}>
        <CodeXml aria-hidden="true" className="graphiql-toolbar-icon" />
      </ToolbarButton>
      <Dialog
        title="The same as a program"
        description={
          <>
            Set <code>{KEY_NAME}</code> to one of your API keys.
          </>
        }
        open={isOpen}
        onOpenChange={setOpen}
      >
        {isOpen && <Programs />}
      </Dialog>
    </>
  );
}

function Programs() {
  const { query, name, variables } = useTyped();
  if (!variables) return <p role="alert">The variables are not an object of JSON yet.</p>;
  const request: ApiRequest = {
    url: new URL("/graphql", location.href).href,
    document: only(query, name),
    variables,
  };
  return (
    <Tabs
      label="Languages"
      tabs={[
        { name: "curl", panel: <Code label="With curl" text={curlOf(request)} /> },
        { name: "Python", panel: <Code label="In Python" text={pythonOf(request)} /> },
        { name: "Apollo", panel: <Code label="With Apollo" text={apolloOf(request)} /> },
      ]}
    />
  );
}
