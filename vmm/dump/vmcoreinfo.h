// What a Linux kernel tells crash tools about itself, found in its memory.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "vmm/memory/guest_memory.h"

namespace gdbvm::dump {

// Linux keeps the text of its VMCOREINFO note at the start of a page: lines of KEY=VALUE that begin with OSRELEASE.
// All of RAM is searched, in pieces.
class VmcoreinfoSearch final {
 public:
  explicit VmcoreinfoSearch(const GuestMemory& memory) : memory_(memory) {}

  // Goes on until `pause`, which is asked now and then. true: that was all.
  bool more(const std::function<bool()>& pause);
  // Empty where there is none: in other guests, and in a kernel that has not got that far.
  const std::string& text() const { return text_; }

 private:
  static constexpr std::uint64_t pages_at_once = 1024;  // between two questions

  bool is_found(const std::byte* page);

  const GuestMemory& memory_;
  std::size_t region_ = 0;
  std::uint64_t at_ = 0;  // in the region
  std::string text_;
};

}  // namespace gdbvm::dump
