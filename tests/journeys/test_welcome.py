"""The first run in a real browser: from nothing to a published model that answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.journeys.browser import sign_in_at
from tests.journeys.conftest import Platform, start_platform

JOB_TIMEOUT_MS = 60_000


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Platform]:
    """A platform that nobody has used yet."""
    running = start_platform(tmp_path / "data", tmp_path / "up.log")
    yield running
    assert running.interrupt() == 0


async def test_an_admin_is_led_from_nothing_to_a_model_that_answers(
    page: Page, empty: Platform
) -> None:
    faults = await sign_in_at(page, empty.url, empty.password)
    await page.get_by_role("link", name="Guide me").first.click()
    step = page.get_by_role("navigation", name="Steps").locator("[aria-current=step]")

    await expect(step).to_have_text("1Bring in data")
    await page.get_by_role("button", name="Use the sample data").click()

    await expect(step).to_have_text("2Look at it", timeout=JOB_TIMEOUT_MS)
    await expect(page.get_by_role("heading", name="4 labels")).to_be_visible()
    await page.get_by_role("button", name="Yes, train on it").click()

    await expect(page).to_have_url(f"{empty.url}/welcome?step=3")
    await page.get_by_role("button", name="Start training").click()
    await expect(page.get_by_role("heading", name="Stages")).to_be_visible()
    await page.reload()  # what is going on is known to the API alone
    await page.get_by_role("button", name="See how good it is").click(timeout=JOB_TIMEOUT_MS)

    await expect(page.get_by_text("Accuracy")).to_be_visible()
    await page.get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Publish").click()
    await page.get_by_role("button", name="Ask it").click()

    await page.get_by_label("Texts").fill("I want my money back for the shoes")
    answers = page.get_by_role("main")
    await expect(answers.get_by_text("refund").first).to_be_visible(timeout=20_000)
    await expect(page.get_by_role("heading", name="You are up and running")).to_be_visible(
        timeout=20_000
    )

    await page.goto(f"{empty.url}/overview")
    await expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    await expect(page.get_by_role("link", name="Guide me")).to_have_count(0)
    assert faults == []
