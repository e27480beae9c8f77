"""Training and models in a real browser: from a data set to a version that answers."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from shoal.demo.api import Api
from shoal.demo.documents import CREATE_DATASET, JOB_EVENTS
from tests.journeys.conftest import EMAIL, Platform
from tests.journeys.texts import WORDS, write_texts

MISLABELLED = 8
"""Every so many rows get a wrong label, so that there is something to confuse."""
TRAINING_S = 90


def rows_with_mistakes(folder: Path) -> list[dict[str, str]]:
    labels = sorted(WORDS)
    with write_texts(folder / "hobbies.csv", rows=240).open() as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        if number % MISLABELLED == 0:
            row["label"] = labels[(labels.index(row["label"]) + 1) % len(labels)]
    return rows


async def data_set(api: Api, folder: Path) -> dict[str, Any]:
    """A version that can be trained on."""
    made = await api.do(CREATE_DATASET, name="hobbies to look at", rows=rows_with_mistakes(folder))
    version: dict[str, Any] = made["version"]
    async for _ in api.follow(JOB_EVENTS, id=version["job"]["id"]):
        pass
    return version


async def open_at(page: Page, platform: Platform, path: str) -> list[str]:
    """Signed in as the admin at this path; what the console says against the page from then on."""
    faults: list[str] = []
    await page.goto(f"{platform.url}{path}")
    await page.get_by_label("Email").fill(EMAIL)
    await page.get_by_label("Password").fill(platform.password)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda told: faults.append(told.text) if told.type in {"error", "warning"} else None,
    )
    await page.get_by_role("button", name="Sign in").click()
    return faults


async def fill_in_and_start(page: Page, name: str) -> None:
    """A bad value is told at its field and starts nothing; then it is mended."""
    await expect(page.get_by_text("nine in ten within")).to_be_visible(timeout=30_000)
    await page.get_by_label("Model", exact=True).fill(name)
    await page.get_by_label("Embedder").click()
    await page.get_by_role("option", name=re.compile("Word counts")).click()
    await page.get_by_role("button", name="More settings").click()
    await page.get_by_label("Vector length").fill("1")
    await page.get_by_role("button", name="Start training").click()
    await expect(page.get_by_text("Between 2 and 4,096.")).to_be_visible()
    await page.get_by_label("Vector length").fill("64")
    await page.get_by_role("button", name="Start training").click()
    await page.wait_for_url("**/jobs/job_*")


async def look_at_the_report(page: Page) -> None:
    """The worst label first, the order in the address, the rows behind a cell."""
    await expect(page.get_by_role("heading", name="In figures")).to_be_visible(timeout=20_000)
    await expect(page.get_by_role("img", name=re.compile("Reliability diagram"))).to_be_visible()
    by_label = page.get_by_role("region", name="Results by label")
    await by_label.get_by_role("button", name="Label").click()
    await expect(by_label.get_by_role("row").nth(1)).to_contain_text("astronomy")
    await expect(page).to_have_url(re.compile("labels=label"))

    await page.get_by_role("link", name="Confusion matrix").click()
    matrix = page.get_by_role("region", name=re.compile("Confusion matrix"))
    cell = matrix.get_by_role("link").first
    await cell.focus()
    await page.keyboard.press("Enter")
    behind = page.get_by_role("dialog").get_by_role("region", name="Rows behind the cell")
    await expect(behind.get_by_role("row")).not_to_have_count(1, timeout=20_000)
    await expect(page).to_have_url(re.compile("actual=.*predicted="))
    await page.keyboard.press("Escape")
    await expect(cell).to_be_focused()
    await expect(page).not_to_have_url(re.compile("actual="))


async def test_a_data_set_becomes_a_model_that_is_looked_at_and_published(
    page: Page, platform: Platform, api: Api, tmp_path: Path
) -> None:
    version = await data_set(api, tmp_path)
    faults = await open_at(page, platform, f"/train?version={version['id']}")

    await fill_in_and_start(page, "hobbies-to-look-at")
    model = page.get_by_role("link", name="hobbies-to-look-at")
    await expect(model).to_be_visible(timeout=TRAINING_S * 1_000)
    await model.click()
    await expect(page.get_by_text("not published", exact=True)).to_be_visible()

    await page.get_by_role("link", name="version 1", exact=True).first.click()
    await look_at_the_report(page)
    for tab in ("Promise", "Drift", "Card", "Lineage"):
        await page.get_by_role("link", name=tab, exact=True).click()
        await expect(page.get_by_role("main").get_by_role("status")).to_have_count(0)

    await page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog", name=re.compile("Publish version 1"))
    await expect(dialog.get_by_text("Nobody pinned a question.")).to_be_visible(timeout=20_000)
    await dialog.get_by_role("button", name="Publish it").click()
    await expect(dialog).to_be_hidden()
    await page.get_by_role("link", name="hobbies-to-look-at", exact=True).first.click()
    await expect(page.get_by_text("version 1 answers", exact=True)).to_be_visible(timeout=20_000)
    assert faults == []
