"""Expected lines: in order, with others in between, and those that must not match."""

import tempfile
import unittest
from pathlib import Path

from gdb_test.case import BadCase
from gdb_test.expectations import read_expectations


def problem(expected: str, output: str) -> str | None:
    with tempfile.NamedTemporaryFile("w", suffix=".expect") as file:
        file.write(expected)
        file.flush()
        return read_expectations(Path(file.name)).problem(output.splitlines())


class ExpectationsTest(unittest.TestCase):
    def test_lines_match_in_order_with_others_between(self):
        self.assertIsNone(problem("^a$\nc\n", "a\nb\nxcx\n"))
        self.assertEqual(problem("c\na\n", "a\nb\nc\n"), "expected, not found in this order: a")

    def test_a_line_meets_one_expectation_only(self):
        self.assertIsNotNone(problem("a\na\n", "a\n"))
        self.assertIsNone(problem("a\na\n", "a\na\n"))

    def test_unwanted_lines_count_wherever_they_are(self):
        self.assertEqual(problem("a\n! error [0-9]+\n", "error 7\na\n"), "unwanted line: error 7")
        self.assertEqual(problem("a\n! b\n", "a\nb\n"), "unwanted line: b")
        self.assertIsNone(problem("a\n! b\n", "a\n"))

    def test_comments_and_empty_lines_expect_nothing(self):
        self.assertIsNone(problem("# a\n\na\n", "a\n"))

    def test_posix_classes(self):
        self.assertIsNone(problem("^x[[:space:]]+[[:xdigit:]]{2}$\n", "x  aF\n"))
        self.assertIsNotNone(problem("^[^[:digit:]]$\n", "1\n"))

    def test_what_is_no_expression_is_named_with_its_line(self):
        with self.assertRaisesRegex(BadCase, r"\.expect:2: '\(' is not a regular expression: "):
            problem("a\n(\n", "")

    def test_bytes_that_are_no_text_only_match_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "latin.expect"
            path.write_bytes(b"caf\xe9\n")
            self.assertIsNotNone(read_expectations(path).problem(["cafe"]))

    def test_nothing_is_expected_without_a_file(self):
        self.assertIsNone(read_expectations(None).problem(["anything"]))


if __name__ == "__main__":
    unittest.main()
