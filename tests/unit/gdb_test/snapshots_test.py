"""Snapshots for tests: when one is made, when it is made again, and what happens if it cannot be."""

import asyncio
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from gdb_test import snapshots
from gdb_test.case import BadCase, Case
from gdb_test.snapshots import Snapshots


class SnapshotsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.cache = self.root / "cache"
        self.gdbvm = self.root / "gdbvm"
        self.gdbvm.write_text("gdbvm")
        self.boots = 0

    def case(self, *args: str, after: str = "main", contents: str = "a kernel", name: str = "k.elf") -> Case:
        snapshots.contents.cache_clear()  # as in another process
        guest = self.root / name
        guest.write_text(contents)
        return Case("a", self.root / "a.gdb", guest, None, None, args=list(args), after=after)

    async def boot(self, case: Case, path: Path) -> None:
        self.boots += 1
        await asyncio.sleep(0)
        path.write_text(f"boot {self.boots}")

    async def fall_over(self, case: Case, path: Path) -> None:
        self.boots += 1
        await asyncio.sleep(0)
        raise BadCase("it fell over")

    def snapshots(self, boot=None) -> Snapshots:
        return Snapshots(self.cache, self.gdbvm, boot or self.boot)

    def text_of(self, case: Case, refused=None) -> str:
        return asyncio.run(self.snapshots().of(case, refused)).path.read_text()

    def test_many_at_once_share_one_boot(self):
        async def ask():
            case, mine, theirs = self.case(), self.snapshots(), self.snapshots()  # theirs: another process's
            return await asyncio.gather(*(each.of(case) for each in [mine, theirs] * 10))

        self.assertEqual({saved.path.read_text() for saved in asyncio.run(ask())}, {"boot 1"})

    def test_later_runs_boot_only_what_has_changed(self):
        self.assertEqual(self.text_of(self.case()), "boot 1")
        self.assertEqual(self.text_of(self.case()), "boot 1")
        self.assertEqual(self.text_of(self.case("--cpus", "2")), "boot 2")
        self.assertEqual(self.text_of(self.case(after="init")), "boot 3")
        self.assertEqual(self.text_of(self.case(contents="another")), "boot 4")
        self.assertEqual(self.text_of(self.case("--cpus", "2", contents="another")), "boot 5")
        self.gdbvm.write_text("a new gdbvm")
        self.assertEqual(self.text_of(self.case(contents="another")), "boot 6")
        with mock.patch.object(snapshots, "host", lambda: "another CPU"):
            self.assertEqual(self.text_of(self.case(contents="another")), "boot 7")

    def test_files_among_the_options_count_by_their_contents_and_disks_by_their_time(self):
        initrd, disk = self.root / "initrd", self.root / "disk"
        initrd.write_text("one")
        disk.write_text("blocks")
        options = ("--initrd", f"{initrd} quiet", f"--disk={disk},snapshot")
        self.assertEqual(self.text_of(self.case(*options)), "boot 1")
        os.utime(initrd, ns=(0, 0))
        self.assertEqual(self.text_of(self.case(*options)), "boot 1")
        os.utime(disk, ns=(0, 0))
        self.assertEqual(self.text_of(self.case(*options)), "boot 2")
        initrd.write_text("two")
        self.assertEqual(self.text_of(self.case(*options)), "boot 3")

    def test_a_snapshot_replaces_that_of_the_guest_before_it_was_built_again(self):
        for contents in ("one", "two"):
            self.text_of(self.case(contents=contents))
        self.text_of(self.case(name="other.elf"))
        self.assertEqual(sorted(path.name[:10] for path in self.cache.glob("*.snapshot")), ["k_elf-main", "other_elf-"])

    def test_what_gdbvm_refuses_is_made_again_unless_another_has_done_so(self):
        first = asyncio.run(self.snapshots().of(self.case()))
        os.utime(first.path, (1, 1))
        refused = asyncio.run(self.snapshots().of(self.case()))
        self.assertEqual(self.text_of(self.case(), refused), "boot 2")
        self.assertEqual(self.text_of(self.case(), refused), "boot 2")

    def test_a_failure_is_that_of_all_tests_of_a_run_and_the_next_run_tries_again(self):
        case, run = self.case(), self.snapshots(self.fall_over)
        for _ in range(3):
            with self.assertRaisesRegex(BadCase, "^it fell over$"):
                asyncio.run(run.of(case))
        self.assertEqual(self.boots, 1)
        for failure in self.cache.glob("*.failure"):
            os.utime(failure, (1, 1))  # long before this run
        self.assertEqual(self.text_of(case), "boot 2")
        self.assertEqual(list(self.cache.glob("*.failure")), [])


if __name__ == "__main__":
    unittest.main()
