// Guest memory as the debugger sees it: by linear address through a vCPU's page tables, without our int3 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "gdbstub/types.h"
#include "vmm/debug/guest/software_breakpoints.h"
#include "vmm/hypervisor/vcpu.h"
#include "vmm/memory/guest_memory.h"

namespace gdbvm {

// The vCPU is out of the guest during every call. Devices are never touched: what is not RAM cannot be read.
class GuestView final {
 public:
  GuestView(GuestMemory& memory, SoftwareBreakpoints& planted) : memory_(memory), planted_(planted) {}

  // The error names the level of the page tables that ends the walk.
  gdbstub::Result<Gpa> translate(Vcpu& vcpu, Gva address) const;
  // Where kernel code in long mode on this vCPU would make an access that changes nothing but these bytes: all of them
  // are RAM of one page (for a write, no ROM), the tables permit it and have their accessed and dirty bits set, and no
  // byte of ours lies among them.
  enum class Access { Read, Write };
  struct Place {
    Gpa address;
    std::byte* bytes;  // what the vCPUs use: others may change it at any time
  };
  std::optional<Place> plain(Vcpu& vcpu, Gva address, std::size_t size, Access access) const;
  bool is_ram(Gpa address) const { return memory_.at(address, 1) != nullptr; }

  // `space`: the registers that paging depends on. As much as is readable from the start on (at least one byte), or why
  // nothing is.
  gdbstub::Result<std::size_t> read(const x86::SystemRegisters& space, Gva address, std::span<std::uint8_t> out) const;
  gdbstub::Result<std::size_t> read(Vcpu& vcpu, Gva address, std::span<std::uint8_t> out) const {
    return read(vcpu.system(), address, out);
  }
  // All or nothing. The page's write permission does not bind a debugger.
  gdbstub::Result<> write(const x86::SystemRegisters& space, Gva address, std::span<const std::uint8_t> bytes);
  gdbstub::Result<> write(Vcpu& vcpu, Gva address, std::span<const std::uint8_t> bytes) {
    return write(vcpu.system(), address, bytes);
  }

  gdbstub::Result<std::size_t> read_physical(Gpa address, std::span<std::uint8_t> out) const;
  gdbstub::Result<> write_physical(Gpa address, std::span<const std::uint8_t> bytes);

 private:
  GuestMemory& memory_;
  SoftwareBreakpoints& planted_;
};

}  // namespace gdbvm
