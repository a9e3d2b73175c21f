"""The coverage of several tests, put together."""

import unittest

from gdb_test.coverage import Sum

FIRST = """TN:gdbvm
SF:/a.c
FN:1,main
FN:7,idle
FNDA:1,main
FNDA:0,idle
FNF:2
FNH:1
DA:2,1
DA:8,0
LF:2
LH:1
end_of_record
"""
SECOND = FIRST.replace("FNDA:0,idle", "FNDA:1,idle").replace("DA:8,0", "DA:8,1").replace("DA:2,1", "DA:2,0")


class SumTest(unittest.TestCase):
    def test_one_is_itself(self):
        total = Sum()
        total.add(FIRST)
        self.assertEqual(total.text(), FIRST)

    def test_executed_in_any_is_executed(self):
        total = Sum()
        total.add(FIRST)
        total.add(SECOND)
        text = total.text()
        self.assertIn("DA:2,1\nDA:8,1\nLF:2\nLH:2\n", text)
        self.assertIn("FNDA:1,main\nFNDA:1,idle\nFNF:2\nFNH:2\n", text)

    def test_files_stay_apart(self):
        total = Sum()
        total.add(FIRST.replace("/a.c", "/b.c"))
        total.add(FIRST)
        self.assertEqual(total.text(), FIRST + FIRST.replace("TN:gdbvm\n", "").replace("/a.c", "/b.c"))


if __name__ == "__main__":
    unittest.main()
