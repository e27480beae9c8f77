"""GraphiQL in a real browser, from the project's own bundle."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.journeys.browser import EMAIL, sign_in_at
from tests.journeys.conftest import Platform
from tests.journeys.laboratory import RESULT, execute, settled


async def test_an_admin_runs_examples_takes_programs_and_signs_out(
    page: Page, platform: Platform
) -> None:
    strangers: list[str] = []
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((platform.url, "blob:", "data:"))
            else strangers.append(asked.url)
        ),
    )

    await sign_in_at(page, f"{platform.url}/graphiql", "not the password")
    await expect(page.get_by_role("alert")).not_to_be_empty()
    faults = await sign_in_at(page, f"{platform.url}/graphiql", platform.password)
    await settled(page, "WhoAmI")
    await execute(page)
    await expect(page.locator(RESULT)).to_contain_text(EMAIL, timeout=20_000)

    await page.get_by_role("searchbox", name="Find an example").fill("everything that happens")
    await page.get_by_role("button", name="Activity").click()
    await settled(page, "Activity")
    await execute(page)
    await expect(page.locator(RESULT)).to_contain_text("__typename", timeout=20_000)

    await page.get_by_role("button", name="Copy as curl").click()
    dialog = page.get_by_role("dialog")
    program = dialog.get_by_label("With curl", exact=True)
    await expect(program).to_contain_text("$SHOAL_API_KEY")
    await expect(program).to_contain_text("subscription Activity")
    await dialog.get_by_role("tab", name="Apollo").click()
    await expect(dialog.get_by_label("With Apollo", exact=True)).to_contain_text("Activity")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await page.get_by_role("button", name="Show History").click()
    await expect(page.get_by_role("region", name="History")).to_contain_text("Activity")

    await page.reload()
    await expect(page.get_by_text(EMAIL)).to_be_visible(timeout=30_000)

    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert faults == []
    assert strangers == []
