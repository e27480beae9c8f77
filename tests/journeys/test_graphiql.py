"""GraphiQL in a real browser, from the project's own bundle."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Page, expect

from shoal.demo.api import Api
from shoal.demo.documents import CREATE_API_KEY
from tests.journeys.conftest import EMAIL, Platform
from tests.journeys.test_main_job import create_dataset
from tests.journeys.texts import write_texts

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

    await page.get_by_role("searchbox", name="Find an example").fill("everything that happens")
    await page.get_by_role("button", name="Activity").click()
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


async def test_prices_and_programs_of_an_example(page: Page, platform: Platform) -> None:
    await sign_in(page, platform, platform.password)
    await page.get_by_role("button", name=re.compile("^Models")).click(timeout=30_000)
    most = page.get_by_text("Costs at most")
    await expect(most).to_contain_text(re.compile(r"\d+ points"))
    told = re.search(r"\d+", await most.inner_text())
    assert told is not None

    await page.wait_for_function(SETTLED, arg="Models")
    await page.get_by_role("button", name=re.compile("Execute query")).click()
    await expect(page.get_by_text(f"of {told[0]} reserved")).to_be_visible()

    await page.get_by_role("button", name="Copy as curl").click()
    program = page.get_by_role("dialog").get_by_label("With curl", exact=True)
    await expect(program).to_contain_text("$SHOAL_API_KEY")
    await expect(program).to_contain_text("query Models")
    await page.get_by_role("tab", name="Apollo").click()
    await expect(page.get_by_label("With Apollo", exact=True)).to_contain_text("client.query")


async def test_a_partner_explores_with_a_key_alone(
    page: Page, platform: Platform, api: Api, tmp_path: Path
) -> None:
    await create_dataset(api, write_texts(tmp_path / "texts.csv", rows=20), "partner's")
    made = await api.do(CREATE_API_KEY, name="partner's own", scopes=["READ", "PREDICT"])
    await page.goto(f"{platform.url}/graphiql")
    key = page.get_by_label("API key", exact=True)
    await key.fill("shoal_wrong")
    await page.get_by_role("button", name="Explore with the key").click()
    await expect(page.get_by_role("alert").last).not_to_be_empty()

    await key.fill(made["key"])
    await page.get_by_role("button", name="Explore with the key").click()
    await expect(page.get_by_text("key “partner's own”")).to_be_visible(timeout=30_000)
    execute = page.get_by_role("button", name=re.compile("Execute query"))
    await execute.click()
    await expect(page.locator(RESULT)).to_contain_text("partner's own")

    await page.get_by_role("tab", name="FollowJob").click()
    await page.wait_for_function(SETTLED, arg="FollowJob")
    await execute.click()
    await expect(page.locator(RESULT)).to_contain_text("__typename", timeout=20_000)
    await expect(page.locator(RESULT)).not_to_contain_text("FORBIDDEN")

    await page.get_by_role("button", name="Leave the key").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()


async def test_a_wrong_password_is_told_and_lets_nobody_in(page: Page, platform: Platform) -> None:
    await sign_in(page, platform, "not the password")
    await expect(page.get_by_role("alert")).not_to_be_empty()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
