"""An admin in a real browser: from the printed password and a file to a model that answers."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from playwright.async_api import Page, expect

from tests.journeys.browser import main_navigation, sign_in_at
from tests.journeys.conftest import Platform
from tests.journeys.texts import WORDS, write_texts

MISLABELLED = 8
"""Every so many rows get a wrong label, so that there is something to confuse."""
TRAINING_S = 90


NAME = "hobbies-to-look-at"
DROP = """(place, { name, text }) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], name, { type: "text/csv" }));
  const drop = (type) => new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
  for (const type of ["dragover", "drop"]) place.dispatchEvent(drop(type));
}"""


def file_with_mistakes(folder: Path) -> str:
    """Its columns have names that no program guesses right."""
    labels = sorted(WORDS)
    with write_texts(folder / "hobbies.csv", rows=240).open() as file:
        rows = list(csv.DictReader(file))
    lines = ["written;by;about"]
    for number, row in enumerate(rows):
        label = row["label"]
        if number % MISLABELLED == 0:
            label = labels[(labels.index(label) + 1) % len(labels)]
        lines.append(f"{row['text']};writer {number};{label}")
    return "\n".join(lines)


async def choose(page: Page, label: str, option: str) -> None:
    await page.get_by_role("combobox", name=label).click()
    await page.get_by_role("option", name=option, exact=True).click()


async def bring_in_a_file(page: Page, text: str) -> None:
    """Dropped, its columns named, sent; then one watches how it is read."""
    await main_navigation(page).get_by_role("link", name="Data sets").click()
    await (
        page.get_by_role("main")
        .get_by_role("link", name=re.compile("New data set|Bring in the first"))
        .first.click()
    )
    place = page.get_by_text("Drop a file here")
    await place.evaluate(DROP, {"name": "hobbies.csv", "text": text})
    await choose(page, "Text", "written")
    await choose(page, "Label", "about")
    await expect(page.get_by_text(re.compile("^4 labels in the first"))).to_be_visible()
    await page.get_by_label("Name", exact=True).fill("hobbies to look at")
    await page.get_by_role("button", name="Create the data set").click()
    await page.wait_for_url("**/datasets/ds_*")
    await page.get_by_role("link", name="Profile").click(timeout=TRAINING_S * 1_000)
    await expect(page.get_by_role("heading", name="4 labels")).to_be_visible()


async def fill_in_and_start(page: Page) -> None:
    """A bad value is told at its field and starts nothing; then it is mended."""
    await expect(page.get_by_text("nine in ten within")).to_be_visible(timeout=30_000)
    await page.get_by_label("Model", exact=True).fill(NAME)
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


async def follow_the_job(page: Page) -> None:
    """Its stages come and go on the page, which nobody reloads."""
    stages = page.get_by_role("main").get_by_role("listitem")
    await expect(stages.filter(has_text="embed").get_by_label("done")).to_be_visible(
        timeout=TRAINING_S * 1_000
    )
    await expect(page.get_by_role("region", name="Lines of the log")).to_contain_text("rows")
    await page.get_by_role("main").get_by_role("link", name=NAME).click(timeout=TRAINING_S * 1_000)
    await expect(page.get_by_text("not published", exact=True)).to_be_visible()


async def publish(page: Page) -> None:
    await page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog", name=re.compile("Publish version 1"))
    await expect(dialog.get_by_role("heading", name="What changes")).to_be_visible(timeout=20_000)
    await expect(dialog.get_by_text("Nobody pinned a question.")).to_be_visible()
    await dialog.get_by_role("button", name="Publish it").click()
    await expect(dialog).to_be_hidden()
    await page.get_by_role("link", name=NAME, exact=True).first.click()
    await expect(page.get_by_text("version 1 answers", exact=True)).to_be_visible(timeout=20_000)


async def test_an_admin_brings_in_a_file_trains_looks_and_publishes(
    page: Page, platform: Platform, tmp_path: Path
) -> None:
    faults = await sign_in_at(page, platform.url, platform.password)
    await expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()
    await bring_in_a_file(page, file_with_mistakes(tmp_path))
    await page.get_by_role("link", name="Train a model").click()
    await fill_in_and_start(page)
    await follow_the_job(page)
    await page.get_by_role("link", name="version 1", exact=True).first.click()
    await look_at_the_report(page)
    for tab in ("Promise", "Drift", "Card", "Lineage"):
        await page.get_by_role("link", name=tab, exact=True).click()
        await expect(page.get_by_role("main").get_by_role("status")).to_have_count(0)
    await publish(page)
    await main_navigation(page).get_by_role("link", name="Overview").click()
    held = page.get_by_role("main").get_by_role("link", name=f"{NAME} 1")
    await expect(held).to_be_visible(timeout=20_000)
    assert faults == []
