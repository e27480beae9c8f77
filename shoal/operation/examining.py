"""`shoal doctor`."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated
from urllib.parse import urlsplit

import orjson
import typer
from rich.markup import escape

from shoal.doctor import Finding, Level, examine
from shoal.terminal import console, data_folder

COLOURS = {Level.OK: "green", Level.WARNING: "yellow", Level.ERROR: "bold red"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")] = False,
) -> None:
    """Check every setting and service, and say what to do; exit code 1 where something fails."""
    findings = asyncio.run(_examined(_environ(), quietly=as_json))
    counts = Counter(finding.level for finding in findings)
    if as_json:
        told = {"ok": not counts[Level.ERROR], "findings": [asdict(each) for each in findings]}
        sys.stdout.write(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        console.print(f"{counts[Level.ERROR]} errors, {counts[Level.WARNING]} warnings.")
    if counts[Level.ERROR]:
        sys.exit(1)


def _environ() -> Mapping[str, str]:
    """Of this process, joined to a platform that runs on the data folder."""
    folder = data_folder()
    environ = {"SHOAL_DATA": str(folder.root)} | os.environ
    if running := folder.running_now():
        port = str(urlsplit(running.url).port)
        found = {"SECRET_KEY": folder.secret_key(), "SHOAL_PUBLIC_URL": running.url}
        environ = found | environ | running.environ | {"SHOAL_PORT": port}
    return environ


async def _examined(environ: Mapping[str, str], *, quietly: bool) -> list[Finding]:
    findings = []
    async for finding in examine(environ):
        findings.append(finding)
        if not quietly:
            _show(finding)
    return findings


def _show(finding: Finding) -> None:
    level = f"[{COLOURS[finding.level]}]{finding.level:<8}[/]"
    do = f" [cyan]{escape(finding.do[0].upper() + finding.do[1:])}.[/]" if finding.do else ""
    console.print(f"{level} {finding.subject:<22} {escape(finding.message)}.{do}", soft_wrap=True)
