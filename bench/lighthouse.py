"""Lighthouse's scores, 0 to 100, of the pages that people begin with, on a desktop.

The score of performance differs from run to run: of three, the middle one counts.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

from playwright.async_api import Page, async_playwright

from bench.data import path_of
from bench.figure import Figure, at_least
from bench.platform import Platform
from bench.training import TEXT_AND_LABEL
from shoal.ports import free_port

FOLDER = Path(__file__).parent / "node"
COMMAND = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
CHROME_FLAGS = (
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
GOALS = {"performance": 95, "accessibility": 100, "best-practices": 95}
RUNS = 3


async def lighthouse(platform: Platform) -> list[Figure]:
    """Sign-in as a stranger sees it, the others signed in."""
    version = await platform.ingest(path_of("banking77/test.csv"), columns=TEXT_AND_LABEL)
    trained = await platform.train(version, "judged", embedder={"kind": "TFIDF"})
    await platform.publish(trained)
    model = f"/models/{trained['model']['id']}"
    _install()
    strange = await _judged(platform, {"sign_in": "/"}, is_signed_in=False)
    pages = {"overview": "/overview", "model": model, "playground": "/playground"}
    return strange + await _judged(platform, pages, is_signed_in=True)


async def _judged(platform: Platform, pages: dict[str, str], *, is_signed_in: bool) -> list[Figure]:
    port = free_port()
    with tempfile.TemporaryDirectory() as profile:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch_persistent_context(
                profile,
                executable_path=os.environ.get("SHOAL_BROWSER") or shutil.which("chromium"),
                args=[*CHROME_FLAGS, f"--remote-debugging-port={port}"],
            )
            if is_signed_in:
                await _sign_in(await browser.new_page(), platform)
            figures = [
                figure
                for name, path in pages.items()
                for figure in await asyncio.to_thread(_scores, name, platform.url + path, port)
            ]
            await browser.close()
    return figures


def _scores(name: str, url: str, port: int) -> list[Figure]:
    runs = [_run(url, port) for _ in range(RUNS)]
    return [
        at_least(
            f"lighthouse_{name}_{category.replace('-', '_')}",
            statistics.median(run[category] for run in runs),
            goal,
        )
        for category, goal in GOALS.items()
    ]


def _run(url: str, port: int) -> dict[str, float]:
    """One score a category, and a line for each audit that took points away."""
    told = subprocess.run(
        ["node", COMMAND, url, f"--port={port}", "--preset=desktop", "--disable-storage-reset",
         "--quiet", "--output=json", f"--only-categories={','.join(GOALS)}"],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    report = json.loads(told.stdout)
    for category in report["categories"].values():
        for audit in category["auditRefs"]:
            score = report["audits"][audit["id"]]["score"]
            if audit["weight"] and score is not None and score < 0.9:
                print(f"# {url}: {audit['id']} {report['audits'][audit['id']].get('displayValue')}")
    return {name: round(100 * each["score"]) for name, each in report["categories"].items()}


async def _sign_in(page: Page, platform: Platform) -> None:
    await page.goto(f"{platform.url}/account")
    await page.get_by_label("Email").fill(platform.email)
    await page.get_by_label("Password").fill(platform.password)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("heading", level=1, name="Account").wait_for()
    await page.close()


def _install() -> None:
    """Of its own: with what it brings along it is larger than all that the client needs."""
    if not COMMAND.is_file():
        subprocess.run(["npm", "ci", "--loglevel", "error"], cwd=FOLDER, check=True)
