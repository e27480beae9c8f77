"""A user in a real browser: joins by a link, asks, sees why, corrects, searches, sends a file."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from playwright.async_api import Page, Route, expect

from shoal.demo.api import Api
from shoal.demo.documents import CREATE_DATASET, JOB, JOB_EVENTS, PUBLISH_MODEL, SIGN_IN
from shoal.demo.documents import START_TRAINING as TRAIN
from tests.journeys.browser import watched
from tests.journeys.conftest import Platform
from tests.journeys.texts import write_texts

EMAIL = "rosa.of.the.desk@example.org"
PASSWORD = "violet harbour teapot"
MODEL = "rosas-hobbies"
INVITE = """
mutation Invite($input: InviteUserInput!) {
  inviteUser(input: $input) { token userErrors { code message } }
}"""
PAUSE = """
mutation Pause($input: PauseQueueInput!) {
  pauseQueue(input: $input) { userErrors { code message } }
}"""
RESUME = """
mutation Resume($input: ResumeQueueInput!) {
  resumeQueue(input: $input) { userErrors { code message } }
}"""
MODEL_ID = "query ModelId($name: String!) { model(name: $name) { id } }"
ASKED = "a pan of onion soup with butter and garlic"
NEW_LABEL = "eating"
NOTES = "rosa's notes"


async def join(page: Page, platform: Platform, link: str) -> list[str]:
    """By the invitation's link; what the console says against the pages from then on."""
    await page.goto(f"{platform.url}/invitation/{link}")
    await page.get_by_label("Name").fill("Rosa")
    await page.get_by_label("Password").fill(PASSWORD)
    faults = watched(page)
    await page.get_by_role("button", name="Join").click()
    await page.wait_for_url("**/playground**")
    return faults


async def ended(api: Api, job_id: str) -> dict[str, Any]:
    async for _ in api.follow(JOB_EVENTS, id=job_id):
        pass
    job: dict[str, Any] = (await api.run(JOB, id=job_id))["job"]
    return job


async def data_set(api: Api, path: Path, name: str) -> dict[str, Any]:
    """A version that is read; it has no index before a training or somebody makes one."""
    with write_texts(path, rows=120).open() as file:
        rows = list(csv.DictReader(file))
    made = await api.do(CREATE_DATASET, name=name, rows=rows)
    await ended(api, made["version"]["job"]["id"])
    return made


async def publish_a_model(api: Api, folder: Path) -> None:
    made = await data_set(api, folder / "hobbies.csv", "rosa's hobbies")
    started = await api.do(
        TRAIN, datasetVersionId=made["version"]["id"], modelName=MODEL,
        spec={"embedder": {"kind": "TFIDF", "dimensions": 64}},
    )  # fmt: skip
    trained = await ended(api, started["job"]["id"])
    model = (await api.run(MODEL_ID, name=MODEL))["model"]
    version_id = trained["modelVersion"]["id"]
    await api.do(PUBLISH_MODEL, modelId=model["id"], versionId=version_id)


async def ask_and_see_why(page: Page) -> None:
    """An answer as one types, and the words that it rests on."""
    await page.get_by_label("Texts").fill(ASKED)
    answer = page.get_by_role("article")
    await expect(answer).to_contain_text("cooking", timeout=30_000)
    await expect(answer.get_by_role("table", name="Likeliest labels")).to_contain_text("%")
    await expect(answer.get_by_role("heading", name=re.compile("^Nearest rows"))).to_be_visible()
    await page.get_by_role("button", name="Why?").click()
    await expect(page.locator("mark", has_text="soup")).to_contain_text("+", timeout=20_000)
    call = page.get_by_role("region", name="The call with curl")
    await expect(call).to_contain_text(ASKED)
    await expect(call).to_contain_text("$SHOAL_API_KEY")


async def correct_with_a_new_label(page: Page) -> None:
    await page.get_by_role("button", name="Wrong").click()
    await page.get_by_label("The right label").fill(NEW_LABEL)
    await page.get_by_role("button", name="Send the new label").click()
    await expect(page.get_by_text(f"You said: it is {NEW_LABEL}.")).to_be_visible()


async def ask_about_many(page: Page) -> None:
    """A line each; what was answered before is not asked again, and a reload loses nothing."""
    texts = [ASKED, "the captain raised the sail", "a comet near the moon", "=1+1"]
    await page.get_by_label("Texts").fill("\n".join(texts))
    await expect(page.get_by_role("heading", name="4 of 4 answered")).to_be_visible(timeout=20_000)
    first = page.get_by_role("list", name="Answers").get_by_role("listitem").first
    await first.get_by_role("button").click()
    await expect(first).to_contain_text(f"You said: it is {NEW_LABEL}.")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="CSV").click()
    file = await (await download.value).path()
    saved = list(csv.DictReader(file.read_text().splitlines()))
    assert [row["text"] for row in saved] == [*texts[:3], "'=1+1"]
    assert saved[0]["label"] == "cooking"
    await page.reload()
    await expect(page.get_by_role("heading", name="4 of 4 answered")).to_be_visible(timeout=20_000)


async def review_by_keyboard(page: Page) -> None:
    await page.get_by_role("link", name="Corrections").click()
    row = page.get_by_role("row", name=re.compile(ASKED))
    await expect(row).to_contain_text("waits")
    await page.get_by_role("link", name="To review").click()
    queue = page.get_by_role("list", name="Corrections to review")
    await queue.get_by_role("listitem").first.focus()
    await page.keyboard.press("a")
    await expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    await page.get_by_role("link", name="Mine").click()
    await expect(row).to_contain_text("accepted")


async def search_by_meaning(page: Page) -> None:
    """The index at one click, hits as one types, the arrows, the row in its data set."""
    await page.get_by_role("link", name="Search").click()
    await expect(page.get_by_role("combobox", name="Data set")).to_have_value(NOTES)
    await page.get_by_role("button", name="Make it searchable").click()
    await page.get_by_label("Look for").fill("soup of onions")
    hits = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="More like this"))
    await expect(hits.first).to_contain_text("cooking", timeout=60_000)
    await expect(hits.first.locator("mark", has_text="soup").first).to_be_visible()
    assert "q=soup+of+onions" in page.url
    await page.get_by_label("Look for").press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/datasets/ds_*")
    await expect(page.get_by_role("region", name="Rows")).to_contain_text("soup")


async def answer_a_file(page: Page, api: Api, file: Path) -> None:
    """The job ends while the page of its answers is on its way, which shows them all the same."""

    held: list[str] = []  # the status that the page learns first

    async def late(route: Route) -> None:
        if held or '"BulkPrediction"' not in (route.request.post_data or ""):
            return await route.fallback()
        held.append("")
        response = await route.fetch()
        job = (await response.json())["data"]["node"]["job"]
        held[0] = job["status"]
        await api.do(RESUME, name="PREDICT")
        assert (await ended(api, job["id"]))["status"] == "SUCCEEDED"
        await route.fulfill(response=response)

    await api.do(PAUSE, name="PREDICT")
    await page.route("**/graphql", late)
    await page.get_by_role("link", name="Bulk").click()
    await page.get_by_role("link", name="New file of answers").click()
    await page.set_input_files("input[type=file]", file)
    await page.get_by_role("button", name="Send and answer").click()
    await page.get_by_role("button", name="Show the first rows").click(timeout=60_000)
    assert held == ["QUEUED"]
    sample = page.get_by_role("region", name="First rows of the file")
    await expect(sample).to_contain_text("cooking")


async def see_own_usage(page: Page) -> None:
    await page.get_by_role("link", name="My usage").click()
    await expect(page.get_by_role("heading", name="Quotas")).to_be_visible()
    await expect(page.get_by_text("No program asks in your name")).to_be_visible()


async def test_a_user_asks_sees_why_corrects_searches_and_sends_a_file(
    page: Page, platform: Platform, api: Api, tmp_path: Path
) -> None:
    invited = await api.do(INVITE, email=EMAIL, role="USER")
    faults = await join(page, platform, invited["token"])
    async with Api(platform.url) as own:
        own.token = (await own.do(SIGN_IN, email=EMAIL, password=PASSWORD))["accessToken"]
        await publish_a_model(own, tmp_path)
        await data_set(own, tmp_path / "notes.csv", NOTES)
    await page.goto(f"{platform.url}/playground?model={MODEL}")
    await ask_and_see_why(page)
    await correct_with_a_new_label(page)
    await ask_about_many(page)
    await review_by_keyboard(page)
    await search_by_meaning(page)
    await answer_a_file(page, api, tmp_path / "hobbies.csv")
    await see_own_usage(page)
    assert faults == []
