"""The applications that clients of a test speak with, and the jobs that wait there."""

import asyncio
from weakref import WeakKeyDictionary

import httpx
from fastapi import FastAPI

APPS: WeakKeyDictionary[httpx.AsyncClient, FastAPI] = WeakKeyDictionary()


async def do_jobs_of(client: httpx.AsyncClient) -> None:
    """Do what is due, if it is an application of this process."""
    if client in APPS:
        await APPS[client].state.runner.drain()


async def settled(client: httpx.AsyncClient, url: str) -> httpx.Response:
    """Do the jobs of an import, or wait for who does them, and read it then."""
    while True:
        await do_jobs_of(client)
        answer = await client.get(url)
        busy = answer.is_success and answer.json()["state"] in {"reading", "applying"}
        if not busy:
            return answer
        await asyncio.sleep(0.01)
