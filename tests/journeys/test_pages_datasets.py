"""Data sets in a real browser: a file goes in, its rows, figures and faults come out."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Page, expect

from tests.journeys.browser import sign_in_at
from tests.journeys.conftest import Platform

GOOD = "text;topic\n" + "".join(
    f"{said} number {number}?;{topic}\n"
    for number in range(20)
    for topic, said in (
        ("delivery", "Where is my parcel with the"),
        ("refund", "When do I get money back for order"),
    )
)
BAD = GOOD + ";refund\n" + "A label that is too long;" + "x" * 300 + "\n"


async def pick(page: Page, file: Path) -> None:
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Choose a file").click()
    await (await chooser.value).set_files(file)


async def create(page: Page) -> None:
    await page.get_by_role("button", name="Create the data set").click()
    await page.wait_for_url("**/datasets/ds_*", timeout=20_000)
    await expect(page.get_by_role("link", name="Profile")).to_be_visible(timeout=90_000)


async def test_a_file_becomes_a_data_set_to_look_at(
    page: Page, platform: Platform, tmp_path: Path
) -> None:
    file = tmp_path / "messages.csv"
    file.write_text(GOOD)
    faults = await sign_in_at(page, f"{platform.url}/datasets/new", platform.password)

    await pick(page, file)
    await expect(page.get_by_text("2 labels in the first 40 rows.")).to_be_visible()
    await page.get_by_role("combobox", name="Label").click()
    await page.get_by_role("option", name="None").click()
    await expect(page.get_by_text(re.compile("but not trained on"))).to_be_visible()
    await page.get_by_role("combobox", name="Label").click()
    await page.get_by_role("option", name="topic").click()
    await page.get_by_label("Name", exact=True).fill("Messages of the journey")
    await create(page)

    await expect(page.get_by_role("heading", name="Messages of the journey")).to_be_visible()
    rows = page.get_by_role("region", name="Rows").get_by_role("row")
    await expect(rows).to_have_count(41)
    await page.get_by_label("Label is").fill("refund")
    await page.get_by_role("button", name="Filter").click()
    await expect(rows).to_have_count(21)
    await page.reload()
    await expect(rows).to_have_count(21)

    await page.get_by_role("link", name="Profile").click()
    await expect(page.get_by_role("heading", name="2 labels")).to_be_visible()
    await expect(page.get_by_role("heading", name="40 rows")).to_be_visible()
    await page.get_by_role("link", name="Problems").click()
    await expect(page.get_by_text("Nothing was wrong with the file")).to_be_visible()

    await page.get_by_role("button", name="More to do with this data set").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await page.get_by_role("button", name="Delete the data set").click()
    await page.wait_for_url("**/datasets")
    listed = page.get_by_role("link", name="Messages of the journey")
    await expect(listed).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(listed).to_be_visible()
    assert faults == []


async def test_faults_of_a_file_are_told_row_by_row(
    page: Page, platform: Platform, tmp_path: Path
) -> None:
    file = tmp_path / "faulty.csv"
    file.write_text(BAD)
    faults = await sign_in_at(page, f"{platform.url}/datasets/new", platform.password)

    await pick(page, file)
    await create(page)
    await page.get_by_role("link", name="Problems").click()
    table = page.get_by_role("region", name="Problems").get_by_role("row")
    await expect(table).to_have_count(3)
    await expect(table.nth(1)).to_contain_text("42")
    await expect(table.nth(1)).to_contain_text("The row has no text.")
    await expect(table.nth(2)).to_contain_text("The label is longer than 256 characters.")
    assert faults == []
