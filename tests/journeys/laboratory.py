"""GraphiQL, as tests use it."""

from __future__ import annotations

import re

from playwright.async_api import Page

RESULT = ".graphiql-response .view-lines"
SETTLED = """operation => {
  const kept = JSON.parse(localStorage.getItem("graphiql:tabState"));
  return kept?.tabs[kept.activeTabIndex]?.operationName === operation;
}"""


async def settled(page: Page, operation: str) -> None:
    """GraphiQL takes over a tab's operation a moment after it was opened, then writes it down."""
    await page.wait_for_function(SETTLED, arg=operation)


async def execute(page: Page) -> None:
    await page.get_by_role("button", name=re.compile("Execute query")).click(timeout=30_000)
