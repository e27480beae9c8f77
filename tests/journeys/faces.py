"""Every page of the dashboard, once: its name, its address, and what is opened on it.

The address is the route's, with the name of an id of `furnish` for each parameter.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

CLIENT = Path(__file__).resolve().parent.parent.parent / "client"
ROUTES = CLIENT / "src" / "shell" / "routes.tsx"
Prepare = Callable[[Page], Awaitable[None]]


async def nothing(page: Page) -> None:
    """The page is to be seen as it comes."""


async def run_example(page: Page) -> None:
    await page.get_by_role("button", name=re.compile("Execute query")).click()
    await page.locator(".graphiql-response .view-line").nth(3).wait_for()


async def show_rows(page: Page) -> None:
    await page.get_by_role("button", name="Show the first rows").click()
    await page.get_by_role("region", name="First rows of the file").wait_for()


async def ask(page: Page) -> None:
    await page.get_by_label("Texts").fill("I want my money back, the kettle is broken")
    await page.get_by_role("button", name="Why?").click()
    await page.locator("mark").first.wait_for()


@dataclass(frozen=True)
class Face:
    """A page; `opens` are buttons of its menus and dialogs."""

    name: str
    path: str
    query: str = ""
    opens: tuple[str, ...] = ()
    is_pictured_dark: bool = False
    prepare: Prepare = nothing

    def address(self, ids: dict[str, str]) -> str:
        return f"{self.path}?{self.query}".rstrip("?").format_map(ids)

    @property
    def route(self) -> str:
        return re.sub(r"\{\w+\}", ":", self.path)


STRANGERS = (
    Face("sign-in", "/"),
    Face("invitation", "/invitation/{invitation}"),
)
"""What is seen by who is not signed in; both addresses lead others to their first page."""

FACES = (
    Face("overview", "/overview", opens=("Account of", "Queue train"), is_pictured_dark=True),
    Face("audit", "/admin/audit", opens=("Verify", "Export")),
    Face("welcome", "/welcome"),
    Face("activity", "/activity"),
    Face("jobs", "/jobs"),
    Face("job", "/jobs/{job}"),
    Face("datasets", "/datasets"),
    Face("dataset-new", "/datasets/new"),
    Face("dataset-append", "/datasets/{dataset}/append"),
    Face("dataset", "/datasets/{dataset}", opens=("More to do with",)),
    Face("dataset-profile", "/datasets/{dataset}/profile"),
    Face("dataset-problems", "/datasets/{dataset}/problems", "version={first}"),
    Face("dataset-findings", "/datasets/{dataset}/findings"),
    Face("dataset-versions", "/datasets/{dataset}/versions"),
    Face("train", "/train", "version={second}"),
    Face("models", "/models"),
    Face("model", "/models/{model}", opens=("Roll back", "Delete"), is_pictured_dark=True),
    Face("map", "/models/{model}/map", is_pictured_dark=True),
    Face("compare", "/models/{model}/compare"),
    Face("report", "/models/{model}/versions/{newer}"),
    Face("confusion", "/models/{model}/versions/{newer}/confusion"),
    Face("promise", "/models/{model}/versions/{newer}/promise"),
    Face("drift", "/models/{model}/versions/{newer}/drift"),
    Face("card", "/models/{model}/versions/{newer}/card"),
    Face("lineage", "/models/{model}/versions/{newer}/lineage"),
    Face("playground", "/playground", "model=customer-messages", prepare=ask),
    Face("search", "/search", "dataset={dataset}&q=money+back"),
    Face("keys", "/keys", opens=("New key",)),
    Face("key", "/keys/{key}", opens=("Rotate", "Revoke")),
    Face("usage", "/usage"),
    Face("account", "/account", opens=("Sign out everywhere",)),
    Face("webhooks", "/webhooks"),
    Face("webhook-new", "/webhooks/new"),
    Face("webhook", "/webhooks/{webhook}", opens=("Test", "New secret", "Delete")),
    Face("webhook-edit", "/webhooks/{webhook}/edit"),
    Face("trash", "/trash", opens=("Purge now",)),
    Face("users", "/admin/users", opens=("Invite",)),
    Face("user", "/admin/users/{user}", opens=("Change", "Disable")),
    Face("invitations", "/admin/invitations"),
    Face("limits", "/admin/limits"),
    Face("corrections", "/corrections"),
    Face("corrections-review", "/corrections/review"),
    Face("learning", "/corrections/learning"),
    Face("labelling", "/corrections/labelling"),
    Face("labelling-batch", "/corrections/labelling/{batch}"),
    Face("bulk", "/bulk"),
    Face("bulk-new", "/bulk/new"),
    Face("bulk-result", "/bulk/{bulk}", prepare=show_rows),
    Face("graphiql", "/graphiql", opens=("Use an API key", "Copy as curl"), prepare=run_example),
    Face("not-found", "/*"),
)


def routes() -> set[str]:
    """Those that the client knows, with a colon for each parameter."""
    found, parent = set(), ""
    for path in re.findall(r'\bpath: "([^"]+)"', ROUTES.read_text()):
        if path.startswith("/"):
            parent = path
        found.add(path if path[0] in "/*" else f"{parent}/{path}")
    return {"/*" if path == "*" else re.sub(r":\w+", ":", path) for path in found}
