"""Users, keys, audit, webhooks: what admins and users do with them, in real browsers."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from uuid import uuid4

import httpx
from playwright.async_api import Browser, Locator, Page, expect

from tests.journeys.browser import EMAIL, main_navigation, sign_in_at
from tests.journeys.conftest import Platform

PASSWORD = "a shoal of 77 fish"
ADMIN_PAGES = ("Overview", "Activity", "Users", "Audit log", "Limits")


async def at_the_users(page: Page, platform: Platform) -> list[str]:
    faults = await sign_in_at(page, f"{platform.url}/admin/users", platform.password)
    await expect(page.get_by_role("heading", level=1, name="Users")).to_be_visible(timeout=30_000)
    return faults


async def shown_once(page: Page, title: str) -> str:
    """The secret in a dialog, which is closed."""
    dialog = page.get_by_role("dialog", name=title)
    secret = await dialog.locator("pre").inner_text()
    await dialog.get_by_role("button", name="I have it").click()
    await expect(dialog).to_be_hidden()
    return secret


async def reloaded_until(page: Page, wanted: Locator) -> None:
    """For what is counted a moment later, as the use of keys is."""
    async with asyncio.timeout(60):
        while not await wanted.is_visible():
            await page.reload()
            await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def test_an_invited_user_joins_by_the_link_and_sees_no_admin_pages(
    page: Page, platform: Platform
) -> None:
    email = f"{uuid4().hex}@example.com"
    faults = await at_the_users(page, platform)
    await page.get_by_role("button", name="Invite").click()
    await page.get_by_role("dialog").get_by_label("Email").fill(email)
    await page.get_by_role("button", name="Make the link").click()
    link = await shown_once(page, "The link to join")
    invited = page.get_by_role("row").filter(has_text=email)
    await expect(invited).to_contain_text("open")

    assert page.context.browser
    other = await joined(page.context.browser, link)
    await expect(main_navigation(other).get_by_role("link", name="My keys")).to_be_visible()
    for name in ADMIN_PAGES:
        await expect(
            main_navigation(other).get_by_role("link", name=name, exact=True)
        ).to_have_count(0)
    for path in ("users", "audit"):
        await other.goto(f"{platform.url}/admin/{path}")
        await expect(other.get_by_role("heading", level=1, name="Not found")).to_be_visible()

    await page.get_by_role("link", name="Users", exact=True).first.click()
    await expect(page.get_by_role("row").filter(has_text=email)).to_contain_text("may sign in")
    assert faults == []


async def joined(browser: Browser, link: str) -> Page:
    """A page of the new user, in a browser of their own."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(link)
    await page.get_by_label("Name").fill("Newcomer")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Join").click()
    await expect(main_navigation(page)).to_be_visible(timeout=20_000)
    return page


async def test_a_key_is_made_used_seen_and_revoked_and_the_audit_log_tells_it(
    page: Page, platform: Platform
) -> None:
    name = f"key {uuid4().hex}"
    faults = await at_the_users(page, platform)
    await main_navigation(page).get_by_role("link", name="My keys").click()
    await page.get_by_role("button", name="New key").click()
    await page.get_by_label("Name").fill(name)
    await page.get_by_role("button", name="Make the key").click()
    secret = await shown_once(page, "Your new key")

    assert asked_with(platform, secret) == {"data": {"viewer": {"user": {"email": EMAIL}}}}

    await page.get_by_role("link", name=name).click()
    await expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    await reloaded_until(page, page.get_by_text("1 request in the last 30 days"))

    await page.get_by_role("button", name="Revoke").click()
    await page.get_by_role("button", name="Revoke the key").click()
    await expect(page.get_by_role("main").get_by_text("revoked", exact=True).first).to_be_visible()
    assert asked_with(platform, secret)["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"

    await main_navigation(page).get_by_role("link", name="Audit log").click()
    await page.get_by_role("combobox", name="What", exact=True).fill("revokeApi")
    await page.get_by_role("option", name="revokeApiKey").click()
    await expect(page).to_have_url(re.compile("action=revokeApiKey"))
    rows = page.get_by_role("table").get_by_role("row")
    await expect(rows.nth(1)).to_contain_text("done")
    await rows.nth(1).get_by_role("button").click()
    await expect(page.get_by_role("region", name="The mutation's input")).to_be_visible()
    await page.get_by_role("button", name="Verify").click()
    await expect(page.get_by_role("dialog", name="The log is whole")).to_be_visible()
    assert faults == []


def asked_with(platform: Platform, key: str) -> dict[str, Any]:
    """Who the API takes the key's bearer for."""
    answer = httpx.post(
        f"{platform.url}/graphql",
        json={"query": "{ viewer { user { email } } }"},
        headers={"authorization": f"Bearer {key}"},
    ).json()
    return {name: value for name, value in answer.items() if name != "extensions"}


async def test_a_webhook_is_made_from_an_example_tried_and_deleted(
    page: Page, platform: Platform
) -> None:
    name = f"hook {uuid4().hex}"
    faults = await at_the_users(page, platform)
    await main_navigation(page).get_by_role("link", name="Webhooks").click()
    await page.get_by_role("link", name="New webhook").click()
    await page.get_by_label("Subscription").fill("{ viewer { scopes } }")
    await expect(page.get_by_text("It must be a subscription.")).to_be_visible()
    await page.get_by_role("button", name="Everything").click()
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("URL").fill("http://10.0.0.1/shoal")
    await page.get_by_role("button", name="Make the webhook").click()
    await expect(page.get_by_label("URL")).to_have_attribute("aria-invalid", "true")

    await page.get_by_label("URL").fill("https://hooks.example.com/shoal")
    await page.get_by_role("button", name="Make the webhook").click()
    assert (await shown_once(page, "The webhook's secret")).startswith("whsec_")
    await expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()

    await page.get_by_role("button", name="Test", exact=True).click()
    request = page.get_by_role("dialog", name="What would be sent")
    await expect(request).to_contain_text("webhook-signature: v1,")
    await request.get_by_role("button", name="Close").click()
    await page.get_by_role("button", name="Switch off").click()
    await expect(page.get_by_role("button", name="Switch on")).to_be_visible()
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("button", name="Delete the webhook").click()
    await expect(page.get_by_role("heading", level=1, name="Webhooks")).to_be_visible()
    await expect(page.get_by_role("link", name=name)).to_have_count(0)
    assert faults == []
