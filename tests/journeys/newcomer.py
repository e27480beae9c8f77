"""Somebody new, who was invited and has signed in: they see no more than what is theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shoal.demo.api import Api
from shoal.demo.documents import SIGN_IN
from tests.journeys.browser import EMAIL
from tests.journeys.conftest import Platform
from tests.journeys.furnished import ACCEPT, INVITE, PASSWORD


@asynccontextmanager
async def newcomer(platform: Platform, name: str) -> AsyncIterator[Api]:
    email = f"{name}@example.org"
    async with Api(platform.url) as admin:
        session = await admin.do(SIGN_IN, email=EMAIL, password=platform.password)
        admin.token = session["accessToken"]
        token = (await admin.do(INVITE, email=email))["token"]
        await admin.do(ACCEPT, token=token, name=name, password=PASSWORD)
    async with Api(platform.url) as api:
        session = await api.do(SIGN_IN, email=email, password=PASSWORD)
        api.token = session["accessToken"]
        yield api
