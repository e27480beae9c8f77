import { useLazyQuery } from "@apollo/client/react";
import { Download } from "lucide-react";
import { graphql } from "../../../../gql";
import { Button } from "../../../../ui/Button";
import { save } from "../../../../ui/save";
import { complain } from "../../../../ui/toast";

const HTML = graphql(`
  query CardHtml($id: ID!) {
    modelVersion(id: $id) { id card { html } }
  }
`);

/** Saves the card as one page that needs nothing else. */
export function ExportCard({ versionId, file }: { versionId: string; file: string }) {
  const [load, { loading }] = useLazyQuery(HTML, { fetchPolicy: "no-cache" });

  async function exportCard() {
    try {
      const { data } = await load({ variables: { id: versionId } });
      const html = data?.modelVersion?.card?.html;
      if (html) save(file, "text/html", html);
    } catch (error) {
      complain(error);
    }
  }

  return (
    <Button onClick={exportCard} disabled={loading}>
      <Download aria-hidden="true" className="size-4" /> Save as HTML
    </Button>
  );
}
