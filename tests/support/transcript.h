// Runs a transcript: a text file of what a client sends, what it expects, and what happens to the target meanwhile.
//
//   # a comment
//   target: -breakpoints +run-when-detached +libraries   capabilities off, options on (first, before a client connects)
//   -> qSupported:swbreak+      the client sends a packet; \xNN and \\ are escapes
//   => $p#70                    the client sends raw bytes
//   <- PacketSize=...           the next packet received (expanded and unescaped); ... stands for anything
//   <- %Stop:T05...             a notification
//   run [N]                     the target executes up to N instructions (default 10,000); its events are delivered
//   start                       the embedder starts the target
//   print TEXT                  the target posts console output
//   remark TEXT                 the target's remark when a breakpoint is planted; empty: none
//   move OFFSET                 the program, which is also the only library, moves; a running target stops for it
//   disconnect                  the connection closes; the next bytes are a new client's
//   check WORD VALUE            detached N, planted N, probes N, killed 0|1, running 0|1
//
// Receiving something unexpected is an error, so silence is tested by the next line. Acks are left out.
#pragma once

#include <string>

namespace gdbstub::toy {

// Empty if everything matched; otherwise the first line that did not, and why.
std::string run_transcript(const std::string& path);

}  // namespace gdbstub::toy
