"""GraphiQL in a real browser, from the project's own bundle."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.journeys.conftest import EMAIL, Platform

RESULT = ".graphiql-response .view-lines"
SETTLED = """operation => {
  const { tabs, activeTabIndex } = JSON.parse(localStorage["graphiql:tabState"]);
  return tabs[activeTabIndex].operationName === operation;
}"""
"""GraphiQL takes over a tab's operation a moment after it was opened, then writes it down."""


async def sign_in(page: Page, platform: Platform, password: str) -> None:
    await page.goto(f"{platform.url}/graphiql")
    await page.get_by_label("Email").fill(EMAIL)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()


async def test_signing_in_running_an_example_and_following_a_subscription(
    page: Page, platform: Platform
) -> None:
    faults: list[str] = []
    strangers: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((platform.url, "blob:", "data:"))
            else strangers.append(asked.url)
        ),
    )

    await sign_in(page, platform, platform.password)
    execute = page.get_by_role("button", name=re.compile("Execute query"))
    await execute.click(timeout=30_000)
    await expect(page.locator(RESULT)).to_contain_text(EMAIL)

    await page.get_by_role("tab", name="Activity").click()
    await page.wait_for_function(SETTLED, arg="Activity")
    await execute.click()
    await expect(page.locator(RESULT)).to_contain_text("__typename", timeout=20_000)

    await page.reload()
    await expect(page.get_by_text(EMAIL)).to_be_visible(timeout=30_000)

    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert faults == []
    assert strangers == []


async def test_a_wrong_password_is_told_and_lets_nobody_in(page: Page, platform: Platform) -> None:
    await sign_in(page, platform, "not the password")
    await expect(page.get_by_role("alert")).not_to_be_empty()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
