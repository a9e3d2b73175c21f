"""Many tests at once: as many as requested, and reported in their order whichever ends first."""

import asyncio
import unittest
from unittest import mock

from gdb_test import parallel
from gdb_test.result import Outcome, Result


class ParallelTest(unittest.TestCase):
    def run_all(self, count: int, jobs: int, run_case) -> list[int]:
        told = []
        with mock.patch.object(parallel, "run_case", run_case):
            results = asyncio.run(parallel.run_all(list(range(count)), None, jobs, lambda r: told.append(r.name)))
        self.assertEqual([result.name for result in results], told)
        return told

    def test_results_come_in_order_whichever_ends_first(self):
        turns = []

        async def backwards(case, _):
            while len(turns) < 4 - case:  # the last one goes first
                await asyncio.sleep(0)
            turns.append(case)
            return Result(case, Outcome.PASSED)

        self.assertEqual(self.run_all(5, 5, backwards), [0, 1, 2, 3, 4])
        self.assertEqual(turns, [4, 3, 2, 1, 0])

    def test_no_more_at_once_than_jobs(self):
        running, most = 0, 0

        async def count(case, _):
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1
            return Result(case, Outcome.PASSED)

        self.assertEqual(len(self.run_all(20, 3, count)), 20)
        self.assertEqual(most, 3)

    def test_an_early_result_is_told_before_the_last_test_begins(self):
        events = []

        async def note(case, _):
            events.append(f"began {case}")
            return Result(case, Outcome.PASSED)

        with mock.patch.object(parallel, "run_case", note):
            asyncio.run(parallel.run_all([0, 1], None, 1, lambda r: events.append(f"reported {r.name}")))
        self.assertEqual(events, ["began 0", "reported 0", "began 1", "reported 1"])


if __name__ == "__main__":
    unittest.main()
