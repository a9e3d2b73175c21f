#!/usr/bin/env python3
"""Random guest programs that go back in time: every state on the way must be the one that steps have shown before.

  back_and_on.py GDBVM [--seeds N] [--first SEED]

Prints each failure with its seed, and finally "N seeds: N passed, N failed". Each seed has two runs: one without history,
stepped from the start, which notes all registers and the memory after each step; and one with history that runs freely to
a random place, from where it goes back a number of steps, on again, and back to the beginning.
"""

import argparse
import os
import random
import sys
import tempfile

from client import ProtocolError, Session
from program import BUFFER_SIZE, STACK_SIZE, Program

MOST_STATES = 150


class Wrong(Exception):
    pass


class Journey:
    def __init__(self, program, session):
        self.program = program
        self.session = session

    def state(self):
        return self.session.ask("g"), self.session.read(self.program.buffer, BUFFER_SIZE + STACK_SIZE)

    def note_states(self):
        """The place and the state after each step from the start."""
        places, states = [self.session.pc()], [self.state()]
        while len(states) < MOST_STATES and places[-1] != self.program.end:
            places.append(self.session.resume("s").pc)
            states.append(self.state())
        return places, states

    def move(self, packet, states, at):
        reply = self.session.client.resume(packet)
        if not reply.startswith("T05") or "replaylog" in reply:
            raise Wrong(f"{packet} to state {at}: {reply}")
        if self.state() != states[at]:
            raise Wrong(f"{packet} to state {at}: another state")

    def travel(self, places, states, chance):
        first_visits = [i for i in range(1, len(places)) if places[i] not in places[:i]]
        at = chance.choice(first_visits)
        self.session.order(f"Z1,{places[at]:x},1")
        self.session.resume("c")
        self.session.order(f"z1,{places[at]:x},1")
        if self.state() != states[at]:
            raise Wrong(f"a free run to state {at} came to another one")
        back = chance.randrange(1, at + 1)
        on = chance.randrange(0, back + 1)
        for packet, moves, by in (("bs", back, -1), ("vCont;s", on, 1), ("bs", at - back + on, -1)):
            for _ in range(moves):
                at += by
                self.move(packet, states, at)
        if "replaylog:begin" not in self.session.client.resume("bs"):
            raise Wrong("there is something before the beginning")


def run_seed(gdbvm, seed):
    """None, or what went wrong."""
    program = Program(seed)
    sessions = []
    with tempfile.TemporaryDirectory(prefix="gdbvm.") as directory:
        image = os.path.join(directory, "guest.elf")
        with open(image, "wb") as file:
            file.write(program.elf())

        def journey(*options):
            sessions.append(Session(gdbvm, image, tempfile.mkdtemp(dir=directory), options))
            return Journey(program, sessions[-1])

        try:
            places, states = journey().note_states()
            journey("--history", "256M").travel(places, states, random.Random(seed))
        except (Wrong, ProtocolError, TimeoutError, OSError) as problem:
            return f"seed {seed}: {problem}"
        finally:
            for session in sessions:
                session.close()
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("gdbvm")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1)
    options = parser.parse_args()
    problems = [run_seed(options.gdbvm, seed) for seed in range(options.first, options.first + options.seeds)]
    failed = [problem for problem in problems if problem]
    for problem in failed:
        print(problem)
    print(f"{options.seeds} seeds: {options.seeds - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
