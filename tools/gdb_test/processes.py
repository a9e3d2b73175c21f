"""Child processes that leave nothing behind: each leads a process group that is terminated as a whole."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, Process


async def start(command: list[str], **options) -> Process:
    return await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, start_new_session=True, **options)


def send(process: Process, number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


async def ended_within(process: Process, seconds: float) -> bool:
    try:
        await asyncio.wait_for(process.wait(), max(seconds, 0))
    except asyncio.TimeoutError:
        return False
    return True


async def kill(process: Process) -> None:
    send(process, signal.SIGKILL)
    await process.wait()


async def end(process: Process) -> None:
    """By SIGTERM, and then by SIGKILL if that is not enough."""
    if process.returncode is not None:
        return
    send(process, signal.SIGTERM)
    if not await ended_within(process, 5):
        await kill(process)
