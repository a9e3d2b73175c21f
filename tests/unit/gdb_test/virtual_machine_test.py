"""How gdbvm is started for a test."""

import unittest

from gdb_test.virtual_machine import after_boot


class VirtualMachineTest(unittest.TestCase):
    def test_a_guest_that_has_been_booted_is_not_told_how(self):
        self.assertEqual(after_boot(["--cpus", "2", "--load", "0x1000", "--append=quiet", "-initrd", "a b", "-m", "4M"]),
                         ["--cpus", "2", "-m", "4M"])
        self.assertEqual(after_boot(["--disk", "--append"]), ["--disk"])


if __name__ == "__main__":
    unittest.main()
