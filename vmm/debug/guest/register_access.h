// Reading and writing the registers of the table on a CPU that stands still.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>

#include "vmm/debug/guest/table_msrs.h"
#include "vmm/hypervisor/vcpu.h"
#include "vmm/x86/registers.h"

namespace gdbvm::x86 {

// Fetches the banks that cost an ioctl when they are first asked for, and writes at once. Used by the Vcpu's owner;
// forget() whenever the CPU has run or its state was changed by another way.
class RegisterAccess final {
 public:
  using Result = std::expected<void, std::string>;  // one sentence, without a full stop

  RegisterAccess(Vcpu& vcpu, const CpuFeatures& features) : vcpu_(vcpu), features_(features) {}
  void forget();

  // `out` and `bytes`: little-endian, of the register's size in that view; the register is one that the CPU has.
  Result read(const Register& r, View view, std::span<std::uint8_t> out);
  // In real mode a new selector brings its base along; elsewhere the hidden part of a segment register stays.
  Result write(const Register& r, View view, std::span<const std::uint8_t> bytes);

 private:
  // The bytes of a register as its bank has them, at most 32.
  struct Stored;
  Result load(const Register& r, Stored& stored);
  Result store(const Register& r, View view, const Stored& stored);
  std::uint64_t load_stack_pointer(const Register& r);
  Segment load_segment(const Register& r);
  Result load_msr(const Register& r, Stored& stored);
  bool store_segment(const Register& r, std::uint64_t value);
  Result store_pc(std::uint64_t linear);
  Result store_stack_pointer(const Register& r, std::uint64_t linear);
  Result store_extended(const Register& r, const Stored& stored);
  Result accept(bool taken, const Register& r, View view);

  ExtendedState& extended();
  std::size_t offset_of(const Register& r) const;

  Vcpu& vcpu_;
  CpuFeatures features_;
  std::optional<ExtendedState> extended_;
  std::optional<DebugRegisters> debug_;
  std::optional<std::uint64_t> xcr0_;
  TableMsrs msrs_;
};

}  // namespace gdbvm::x86
