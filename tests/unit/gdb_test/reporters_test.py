"""Results as text, TAP and JUnit XML."""

import io
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

from gdb_test.reporters import JUnit, Tap, Text
from gdb_test.result import Outcome, Result

RESULTS = [
    Result("good", Outcome.PASSED, output="all is well", seconds=0.25),
    Result("bad#1", Outcome.FAILED, "it's <wrong> & \x1b[1m", "gdb \x00 said\n", "rax 1\n", 0.5),
    Result("slow", Outcome.TIMED_OUT, "gdb had not ended after 20 s", "  indented", "rip 2\n", 20),
    Result("absent", Outcome.SKIPPED, "there is no qemu"),
]


def told(make) -> str:
    out = io.StringIO()
    reporter = make(out)
    reporter.begin(len(RESULTS))
    for result in RESULTS:
        reporter.add(result)
    reporter.finish(RESULTS)
    return out.getvalue()


class ReportersTest(unittest.TestCase):
    def test_text(self):
        lines = told(Text).splitlines()
        self.assertEqual(lines[0], "ok   good")
        self.assertIn("TIME slow: gdb had not ended after 20 s", lines)
        self.assertIn("    | rip 2", lines)
        self.assertIn("SKIP absent: there is no qemu", lines)
        self.assertEqual(lines[-1], "1 passed, 1 failed, 1 timed out, 1 skipped")

    def test_tap(self):
        lines = told(Tap).splitlines()
        self.assertEqual(lines[:3], ["TAP version 13", "1..4", "ok 1 - good"])
        self.assertIn("not ok 2 - bad\\#1", lines)
        self.assertIn("not ok 3 - slow", lines)
        self.assertIn("  severity: timeout", lines)
        self.assertIn("  evidence: |2", lines)  # the text's own indentation is not YAML's
        self.assertIn("      indented", lines)
        self.assertIn("    rip 2", lines)
        self.assertEqual(lines[-1], "ok 4 - absent # SKIP there is no qemu")
        self.assertNotIn("\x00", "".join(lines))

    def test_junit(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "junit.xml"
            told(lambda _: JUnit(path, 'suite "1"'))
            suite = xml.parse(path).getroot().find("testsuite")
        self.assertEqual(suite.attrib["name"], 'suite "1"')
        self.assertEqual([suite.attrib[key] for key in ("tests", "failures", "errors", "skipped")], list("4111"))
        good, bad, slow, absent = suite.findall("testcase")
        self.assertEqual(list(good), [])
        self.assertEqual(bad.find("failure").attrib["message"], "it's <wrong> & ?[1m")
        self.assertEqual(bad.find("failure").text, "rax 1\n")
        self.assertEqual(bad.find("system-out").text, "gdb ? said\n")
        self.assertEqual(slow.find("error").attrib["type"], "timeout")
        self.assertEqual(absent.find("skipped").attrib["message"], "there is no qemu")


if __name__ == "__main__":
    unittest.main()
