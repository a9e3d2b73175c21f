// THE table of registers that debuggers see: target.xml, g/G, p/P, expedited registers, core dumps are loops over it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "vmm/x86/cpuid.h"

namespace gdbvm::x86 {

// How the debugger sees the CPU: by its 64-bit or its 32-bit registers, whatever mode it is in at the moment.
enum class View { Bits64, Bits32 };

// Where a register lives.
enum class Bank : std::uint8_t {
  General,            // GeneralRegisters
  LinearPc,           // GeneralRegisters::rip, seen as the linear address of the next instruction
  StackPointer,       // GeneralRegisters, rsp and rbp, seen as linear addresses where SS has a base
  System,             // SystemRegisters
  SegmentSelector,    // SystemRegisters, the selector of a Segment
  SegmentAttributes,  // SystemRegisters, the bits of a Segment other than base and limit
  Extended,           // an XSAVE component
  TagWord,            // the x87 tag word, which XSAVE keeps abridged
  Msr,
  Debug,  // DebugRegisters
  Xcr0,
  NoSystemCall,  // nowhere: -1, which says that the CPU is in no system call; writing it changes nothing
};

// XSAVE state components (SDM vol. 1, 13.1).
enum class Component : std::uint8_t { X87 = 0, Sse = 1, Avx = 2, Opmask = 5, ZmmHigh = 6, HighZmm = 7, Pkru = 9 };

// What a CPU must have for the register to exist.
enum class Needs : std::uint8_t { Nothing, Avx, Avx512, Pkru, LongMode, Sysenter, Rdtscp, Pat, NoLibraries };

// What a register is for, in LLDB's words.
enum class Role : std::uint8_t { None, Pc, Sp, Fp, Flags };

struct Register {
  std::string_view name64, name32;  // empty: not in that view
  std::uint16_t bits64, bits32;
  std::string_view
      type;  // predefined by GDB, or the id of a Type of the same feature; int64 is int32 where bits are 32
  std::string_view feature;
  std::string_view group;  // GDB's register group; empty: GDB decides by the type
  Bank bank;
  std::uint8_t bytes;   // in the bank; the rest of a wider register reads zero and must be written zero
  std::uint32_t where;  // byte offset in the bank's struct or the component; MSR: its index
  Component component = Component::X87;
  Needs needs = Needs::Nothing;
  Role role = Role::None;
  bool expedited = false;  // sent along with every stop
  std::int16_t dwarf64 = -1, dwarf32 = -1;

  constexpr std::string_view name(View view) const { return view == View::Bits64 ? name64 : name32; }
  constexpr unsigned bits(View view) const { return view == View::Bits64 ? bits64 : bits32; }
  constexpr unsigned size(View view) const { return bits(view) / 8; }  // bytes
  constexpr int dwarf(View view) const { return view == View::Bits64 ? dwarf64 : dwarf32; }
  constexpr std::string_view gdb_type(View view) const {
    return type == "int64" && bits(view) == 32 ? std::string_view("int32") : type;
  }
};

// In the order of transmission; the registers of a feature adjoin each other.
std::span<const Register> register_table();

// ---- types of registers -------------------------------------------------------------------------------------------

struct FlagField {
  std::string_view name;
  unsigned first, last;  // bits; equal for a single one
};
struct FlagsType {
  std::string_view id;
  unsigned bytes;
  std::span<const FlagField> fields;
};
struct VectorType {
  std::string_view id, element;
  unsigned count;
};
struct UnionType {
  struct Member {
    std::string_view name, type;
  };
  std::string_view id;
  std::span<const Member> members;
};
using Type = std::variant<FlagsType, VectorType, UnionType>;
// What the registers of a feature use, each after those it is made of.
std::span<const Type> types_of(std::string_view feature);

// ---- which of them a CPU has --------------------------------------------------------------------------------------

struct CpuFeatures {
  bool avx = false, avx512 = false, pkru = false, long_mode = false, sysenter = false, rdtscp = false, pat = false;
  // Not the CPU's: the debugger is offered libraries. With orig_rax a GDB for GNU/Linux takes the guest for a process,
  // and looks for a dynamic linker's instead.
  bool libraries = false;
  // Where each component begins in an ExtendedState; 0: it is not there (X87 and Sse always are).
  std::array<std::uint16_t, 10> component_offset{};

  bool has(Needs needs) const;
};
// From what the guest sees of CPUID (leaves 1, 7, 0xd, 0x80000001).
CpuFeatures cpu_features(std::span<const CpuidEntry> cpuid);
// A CPU with everything, components where Intel's CPUs have them: for tests.
CpuFeatures all_cpu_features();

// The registers of a view that a CPU has, in the table's order: their places are GDB's register numbers.
std::vector<const Register*> select(View view, const CpuFeatures& features);

}  // namespace gdbvm::x86
