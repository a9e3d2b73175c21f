// LibVNCServer, loaded when it is needed: its libraries would take as long to load as gdbvm takes to start.
#pragma once

#include <rfb/rfb.h>

namespace gdbvm {

// What is used of it, under the names that it has there.
struct VncLibrary {
  decltype(&::rfbLogEnable) rfbLogEnable;
  decltype(&::rfbGetScreen) rfbGetScreen;
  decltype(&::rfbInitSockets) rfbInitSockets;
  decltype(&::rfbNewClient) rfbNewClient;
  decltype(&::rfbProcessEvents) rfbProcessEvents;
  decltype(&::rfbGetClientIterator) rfbGetClientIterator;
  decltype(&::rfbClientIteratorNext) rfbClientIteratorNext;
  decltype(&::rfbReleaseClientIterator) rfbReleaseClientIterator;
  decltype(&::rfbNewFramebuffer) rfbNewFramebuffer;
  decltype(&::rfbMarkRectAsModified) rfbMarkRectAsModified;
  decltype(&::rfbShutdownServer) rfbShutdownServer;
  decltype(&::rfbScreenCleanup) rfbScreenCleanup;
};

// Stays loaded. Throws std::runtime_error with a sentence where it is not installed.
const VncLibrary& vnc_library();

}  // namespace gdbvm
