"""Signs in and runs the main job against a platform that is up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console

from shoal.demo import documents
from shoal.demo.api import Api, ApiFailure
from shoal.demo.data import NoData, own_file, wordnet
from shoal.demo.memory import Memory
from shoal.demo.steps import Demo, DemoFailed

SCOPES = ("READ", "PREDICT", "WRITE")


@dataclass(frozen=True)
class SignIn:
    """Whose account the demo uses; the password is asked for only where it is needed."""

    email: str
    password: Callable[[], str]


async def run_demo(
    url: str, folder: Path, file: Path | None, sign_in: SignIn, console: Console
) -> None:
    """The whole demo. Raises DemoFailed with a message for people."""
    memory = Memory(folder)
    try:
        data = own_file(file) if file else wordnet(folder / "demo")
        async with Api(url) as api:
            await _authorize(api, memory, sign_in)
            await Demo(api, data, memory, console).run()
    except (NoData, ApiFailure, httpx.HTTPError) as error:
        raise DemoFailed(str(error)) from error


async def _authorize(api: Api, memory: Memory, sign_in: SignIn) -> None:
    """Use an earlier run's API key, or sign in and make one: it outlasts a job of any length."""
    api.token = memory.api_key
    if api.token and await _is_accepted(api):
        return
    api.token = ""
    signed_in = await api.do(documents.SIGN_IN, email=sign_in.email, password=sign_in.password())
    api.token = signed_in["accessToken"]
    made = await api.do(documents.CREATE_API_KEY, name="shoal demo", scopes=list(SCOPES))
    api.token = made["key"]
    memory.remember_key(api.token)


async def _is_accepted(api: Api) -> bool:
    try:
        await api.run(documents.WHO_AM_I)
    except ApiFailure:
        return False
    return True
