"""Which tests there are, in which order, and the effect of their heads and the command line."""

import re
import tempfile
import unittest
from pathlib import Path

from gdb_test.case import BadCase, Defaults
from gdb_test.suite import find_cases, shard


class SuiteTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, name: str, text: str = "# guest: k.elf\n") -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def names(self, *paths: Path, pattern: str | None = None) -> list[str]:
        return [case.name for case in find_cases(list(paths), Defaults(), pattern and re.compile(pattern))]

    def test_a_directory_is_all_its_tests_in_the_order_of_their_names(self):
        for name in ("b.gdb", "b.expect", "a/z.py", "a/z.expect", "a.gdb", "a.expect", "shared.gdb", "notes.txt"):
            self.write(name)
        self.assertEqual(self.names(self.root), ["a", "a/z", "b"])

    def test_scripts_come_in_the_order_given(self):
        first, second = self.write("z.gdb"), self.write("a.gdb")
        self.assertEqual(self.names(first, second), ["z", "a"])

    def test_what_a_filter_leaves_out_is_not_even_read(self):
        self.write("good.expect")
        self.write("bad.expect")
        self.write("good.gdb")
        self.write("bad.gdb", "no guest\n")
        self.assertEqual(self.names(self.root, pattern="^g"), ["good"])
        with self.assertRaisesRegex(BadCase, "bad.gdb: no guest is named"):
            self.names(self.root)

    def test_two_tests_of_one_name_are_refused(self):
        with self.assertRaisesRegex(BadCase, "are both the test a"):
            self.names(self.write("x/a.gdb"), self.write("y/a.gdb"))

    def test_options_that_no_shell_would_take_are_named_with_their_script(self):
        with self.assertRaisesRegex(BadCase, "a.gdb: args: No closing quotation"):
            self.names(self.write("a.gdb", '# guest: k.elf\n# args: --append "x\n'))

    def test_shards_share_all_tests_among_them(self):
        everything = list(range(10))
        shards = [shard(everything, index, 3) for index in range(3)]
        self.assertEqual(sorted(sum(shards, [])), everything)
        self.assertEqual(shards[1], [1, 4, 7])

    def test_the_head_of_a_script(self):
        (self.root / "k.elf").write_bytes(b"\x7fELF")
        script = self.write("a.gdb", "# A test.\n# guest: k.elf\n# args: --load '0x 1' -m 2M\n# status: 3\n# gdb-status: 1\n"
                            "# timeout: 2.5\n# after: main.c:7\n# needs: sh /dev/null\nconnect\n")
        [case] = find_cases([script], Defaults(args=["--cpus", "2"]), None)
        self.assertEqual(case.guest, self.root / "k.elf")
        self.assertEqual(case.symbols, self.root / "k.elf")
        self.assertEqual(case.args, ["--load", "0x 1", "-m", "2M", "--cpus", "2"])
        self.assertEqual((case.status, case.gdb_status, case.timeout), (3, 1, 2.5))
        self.assertEqual(case.needs, ["sh", "/dev/null"])
        self.assertEqual(case.after, "main.c:7")
        self.assertIsNone(case.expect)

    def test_the_command_line_comes_first(self):
        script = self.write("a.gdb", "# guest: k.elf\n# symbols: none\n# timeout: 5\n")
        [case] = find_cases([script], Defaults(guest=Path("other"), timeout=7, name="nice"), None)
        self.assertEqual((case.guest, case.symbols, case.timeout, case.name), (Path("other"), None, 7, "nice"))
        self.assertIsNone(case.after)
        [case] = find_cases([script], Defaults(guests=Path("/g"), after="main"), None)
        self.assertEqual(case.after, "main")
        self.assertEqual(case.guest, Path("/g/k.elf"))

    def test_bad_heads_and_paths(self):
        for text, complaint in (("# status: x\n", "'x' is not a value for status"), ("# timeout: -1\n", "is negative")):
            with self.assertRaisesRegex(BadCase, complaint):
                self.names(self.write("a.gdb", "# guest: k.elf\n" + text))
        with self.assertRaisesRegex(BadCase, "neither a directory nor a gdb script"):
            self.names(self.write("a.txt"))
        with self.assertRaisesRegex(BadCase, "there is no .*/nothing.gdb"):
            self.names(self.root / "nothing.gdb")


if __name__ == "__main__":
    unittest.main()
