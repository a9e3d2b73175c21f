"""Runs guests under gdb scripts and compares what they say with what is expected: the program behind tools/gdb-test."""
