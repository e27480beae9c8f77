import { useEffect } from "react";
import { isRouteErrorResponse, useRevalidator, useRouteError } from "react-router";
import { isForbidden } from "../api/problems";
import { ButtonLink } from "../ui/Button";
import { Page } from "../ui/Page";
import { Empty, Failure } from "../ui/States";

/** What stands in a page's place when it could not be shown. */
export function RouteError() {
  const error = useRouteError();
  const { revalidate } = useRevalidator();
  useEffect(() => {
    window.addEventListener("online", revalidate);
    return () => window.removeEventListener("online", revalidate);
  }, [revalidate]);
  const isMissing = isRouteErrorResponse(error) && error.status === 404;
  if (isMissing || isForbidden(error)) return <NotFound />;
  return (
    <Page title="This page could not be shown">
      <Failure error={error} onRetry={() => revalidate()} />
    </Page>
  );
}

/** For addresses of nothing, and of what the viewer may not see: both look alike. */
export function NotFound() {
  return (
    <Page title="Not found">
      <Empty title="There is nothing here" action={<ButtonLink to="/">To the start</ButtonLink>}>
        It does not exist, was deleted, or is not for you to see.
      </Empty>
    </Page>
  );
}
