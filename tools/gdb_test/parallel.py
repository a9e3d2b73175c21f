"""Runs many tests at once and passes the results on in the tests' order."""

import asyncio
from collections.abc import Callable

from .case import Case
from .result import Result
from .run import Tools, run_case


async def run_all(cases: list[Case], tools: Tools, jobs: int, done: Callable[[Result], None]) -> list[Result]:
    """`done` is called for each result as soon as the results of all earlier tests are known."""
    waiting = iter(enumerate(cases))
    results: list[Result | None] = [None] * len(cases)
    reported = 0

    async def worker() -> None:
        nonlocal reported
        for index, case in waiting:
            results[index] = await run_case(case, tools)
            while reported < len(results) and (result := results[reported]) is not None:
                reported += 1
                done(result)

    workers = [asyncio.create_task(worker()) for _ in range(min(jobs, len(cases)))]
    try:
        await asyncio.gather(*workers)
    finally:
        for each in workers:
            each.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    return [result for result in results if result is not None]
