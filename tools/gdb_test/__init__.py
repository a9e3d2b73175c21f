"""Runs guests under gdb scripts and compares their output with what is expected: the modules of tools/gdb-test."""
