"""A lock that one process at a time has, and one task of it."""

import asyncio
import contextlib
import fcntl
import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path


@contextlib.asynccontextmanager
async def exclusive(path: Path) -> AsyncIterator[None]:
    """The file is created if need be, and stays. The lock ends with the process that has it, however that ends."""
    loop = asyncio.get_running_loop()
    locked = loop.create_future()
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def wait() -> None:
        fcntl.flock(file, fcntl.LOCK_EX)
        with contextlib.suppress(RuntimeError):  # nobody waits any more
            loop.call_soon_threadsafe(lambda: locked.done() or locked.set_result(None))

    # A daemon, so that an interrupted gdb-test does not wait until others have booted their guest.
    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    await locked  # if this is cancelled, the file stays open for the thread, until the process ends
    try:
        yield
    finally:
        os.close(file)
