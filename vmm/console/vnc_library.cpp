#include "vmm/console/vnc_library.h"

#include <dlfcn.h>

#include <stdexcept>

#include <fmt/format.h>

namespace gdbvm {

namespace {

constexpr const char* file = "libvncserver.so.1";

[[noreturn]] void fail() {
  const char* why = ::dlerror();
  throw std::runtime_error(
      fmt::format("--display vnc needs Debian's package libvncserver1: {}", why ? why : "it has another interface"));
}

template <class Function>
void find(void* library, Function& function, const char* name) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (!function) fail();
}

VncLibrary load() {
  void* const library = ::dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!library) fail();
  VncLibrary it{};
  find(library, it.rfbLogEnable, "rfbLogEnable");
  find(library, it.rfbGetScreen, "rfbGetScreen");
  find(library, it.rfbInitSockets, "rfbInitSockets");
  find(library, it.rfbNewClient, "rfbNewClient");
  find(library, it.rfbProcessEvents, "rfbProcessEvents");
  find(library, it.rfbGetClientIterator, "rfbGetClientIterator");
  find(library, it.rfbClientIteratorNext, "rfbClientIteratorNext");
  find(library, it.rfbReleaseClientIterator, "rfbReleaseClientIterator");
  find(library, it.rfbNewFramebuffer, "rfbNewFramebuffer");
  find(library, it.rfbMarkRectAsModified, "rfbMarkRectAsModified");
  find(library, it.rfbShutdownServer, "rfbShutdownServer");
  find(library, it.rfbScreenCleanup, "rfbScreenCleanup");
  return it;
}

}  // namespace

const VncLibrary& vnc_library() {
  static const VncLibrary library = load();
  return library;
}

}  // namespace gdbvm
