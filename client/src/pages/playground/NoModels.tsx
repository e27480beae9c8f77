import { useViewer } from "../../shell/viewer";
import { ButtonLink } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { Empty } from "../../ui/States";
import { GuideLink } from "../welcome/GuideLink";

/** Before anybody has published a model there is nobody to ask; `title` is the page's. */
export function NoModels({ title }: { title: string }) {
  const { role } = useViewer();
  return (
    <Page title={title}>
      <Empty
        title="No model is published yet"
        action={
          <span className="mt-2 flex flex-wrap justify-center gap-2">
            <ButtonLink look="primary" to="/models">
              To your models
            </ButtonLink>
            <ButtonLink to="/datasets">To your data sets</ButtonLink>
            <GuideLink />
          </span>
        }
      >
        {role === "ADMIN"
          ? "Bring in a data set, train a model on it and publish it: then it answers here."
          : "Models that somebody publishes appear here for everybody. Or train one of your own on a data set of yours and publish it."}
      </Empty>
    </Page>
  );
}
