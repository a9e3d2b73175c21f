// The rows of the table, feature by feature.
#include <cstddef>

#include "vmm/x86/cpu_state.h"
#include "vmm/x86/msrs.h"
#include "vmm/x86/registers.h"

namespace gdbvm::x86 {

namespace {

// Applies a row maker to a range of numbers, so that names are literals.
#define N0_7(M) M(0), M(1), M(2), M(3), M(4), M(5), M(6), M(7)
#define N8_15(M) M(8), M(9), M(10), M(11), M(12), M(13), M(14), M(15)
#define N16_31(M) \
  M(16), M(17), M(18), M(19), M(20), M(21), M(22), M(23), M(24), M(25), M(26), M(27), M(28), M(29), M(30), M(31)

constexpr std::string_view core = "org.gnu.gdb.i386.core", sse = "org.gnu.gdb.i386.sse", avx = "org.gnu.gdb.i386.avx",
                           avx512 = "org.gnu.gdb.i386.avx512", pkeys = "org.gnu.gdb.i386.pkeys",
                           gdb_segments = "org.gnu.gdb.i386.segments", gdb_linux = "org.gnu.gdb.i386.linux",
                           control = "org.gdbvm.control", msrs = "org.gdbvm.msr", tables = "org.gdbvm.tables",
                           segments = "org.gdbvm.segments", debug = "org.gdbvm.debug";

struct General {
  std::string_view type = "int64";
  Role role = Role::None;
  bool expedited = false;
  std::int16_t dwarf64 = -1, dwarf32 = -1;
};
constexpr Register general(std::string_view name64, std::string_view name32, std::size_t where, General more) {
  return {.name64 = name64,
          .name32 = name32,
          .bits64 = 64,
          .bits32 = std::uint16_t(name32.empty() ? 0 : 32),
          .type = more.type,
          .feature = core,
          .group = "general",
          .bank = Bank::General,
          .bytes = 8,
          .where = std::uint32_t(where),
          .role = more.role,
          .expedited = more.expedited,
          .dwarf64 = more.dwarf64,
          .dwarf32 = more.dwarf32};
}
#define GENERAL(name64, name32, ...) general(#name64, name32, offsetof(GeneralRegisters, name64), {__VA_ARGS__})

constexpr Register program_counter() {
  Register r = general("rip", "eip", offsetof(GeneralRegisters, rip),
                       {.type = "code_ptr", .role = Role::Pc, .expedited = true, .dwarf64 = 16, .dwarf32 = 8});
  r.bank = Bank::LinearPc;
  return r;
}
constexpr Register stack_pointer(Register r) {
  r.bank = Bank::StackPointer;
  return r;
}
constexpr Register flags() {
  Register r = general("eflags", "eflags", offsetof(GeneralRegisters, rflags),
                       {.type = "i386_eflags", .role = Role::Flags, .expedited = true, .dwarf64 = 49, .dwarf32 = 9});
  r.bits64 = 32;
  return r;
}
constexpr Register selector(std::string_view name, std::size_t where, std::int16_t dwarf64, std::int16_t dwarf32) {
  return {.name64 = name,
          .name32 = name,
          .bits64 = 32,
          .bits32 = 32,
          .type = "int32",
          .feature = core,
          .group = "general",
          .bank = Bank::SegmentSelector,
          .bytes = 2,
          .where = std::uint32_t(where),
          .dwarf64 = dwarf64,
          .dwarf32 = dwarf32};
}
#define SELECTOR(name, dwarf64, dwarf32) selector(#name, offsetof(SystemRegisters, name), dwarf64, dwarf32)

struct Both {
  std::string_view name64, name32;
};
constexpr Register extended(Both names, std::uint16_t bits, std::string_view type, std::string_view feature,
                            Component component, std::size_t where, std::uint8_t bytes, std::string_view group,
                            Needs needs = Needs::Nothing, std::int16_t dwarf64 = -1, std::int16_t dwarf32 = -1) {
  return {.name64 = names.name64,
          .name32 = names.name32,
          .bits64 = bits,
          .bits32 = std::uint16_t(names.name32.empty() ? 0 : bits),
          .type = type,
          .feature = feature,
          .group = group,
          .bank = Bank::Extended,
          .bytes = bytes,
          .where = std::uint32_t(where),
          .component = component,
          .needs = needs,
          .dwarf64 = dwarf64,
          .dwarf32 = dwarf32};
}
// The FXSAVE area (SDM vol. 1, table 10-2).
constexpr Register x87_word(std::string_view name, std::size_t where, std::uint8_t bytes) {
  return extended({name, name}, 32, "int", core, Component::X87, where, bytes, "float");
}
constexpr Register tag_word() {
  Register r = x87_word("ftag", 4, 2);
  r.bank = Bank::TagWord;
  return r;
}
#define ST(n)                                                                                                     \
  extended({"st" #n, "st" #n}, 80, "i387_ext", core, Component::X87, 32 + 16 * n, 10, "", Needs::Nothing, 33 + n, \
           11 + n)
#define XMM(n)                                                                                                     \
  extended({"xmm" #n, "xmm" #n}, 128, "vec128", sse, Component::Sse, 160 + 16 * n, 16, "", Needs::Nothing, 17 + n, \
           21 + n)
#define XMM_64(n) \
  extended({"xmm" #n, ""}, 128, "vec128", sse, Component::Sse, 160 + 16 * n, 16, "", Needs::Nothing, 17 + n)
#define YMMH(n) extended({"ymm" #n "h", "ymm" #n "h"}, 128, "uint128", avx, Component::Avx, 16 * n, 16, "", Needs::Avx)
#define YMMH_64(n) extended({"ymm" #n "h", ""}, 128, "uint128", avx, Component::Avx, 16 * n, 16, "", Needs::Avx)
#define K(n)                                                                                                      \
  extended({"k" #n, "k" #n}, 64, "uint64", avx512, Component::Opmask, 8 * n, 8, "vector", Needs::Avx512, 118 + n, \
           93 + n)
#define ZMMH(n) \
  extended({"zmm" #n "h", "zmm" #n "h"}, 256, "v2ui128", avx512, Component::ZmmHigh, 32 * n, 32, "", Needs::Avx512)
#define ZMMH_64(n) \
  extended({"zmm" #n "h", ""}, 256, "v2ui128", avx512, Component::ZmmHigh, 32 * n, 32, "", Needs::Avx512)
// Registers 16 to 31 are whole in one component, 64 bytes each.
#define ZMMH_HIGH(n) \
  extended({"zmm" #n "h", ""}, 256, "v2ui128", avx512, Component::HighZmm, 64 * (n - 16) + 32, 32, "", Needs::Avx512)
#define XMM_HIGH(n) \
  extended({"xmm" #n, ""}, 128, "vec128", avx512, Component::HighZmm, 64 * (n - 16), 16, "", Needs::Avx512, 67 + n - 16)
#define YMMH_HIGH(n) \
  extended({"ymm" #n "h", ""}, 128, "uint128", avx512, Component::HighZmm, 64 * (n - 16) + 16, 16, "", Needs::Avx512)

constexpr Register system_register(Both names, std::uint16_t bits, std::string_view type, std::string_view feature,
                                   Bank bank, std::size_t where, std::uint8_t bytes, Needs needs = Needs::Nothing) {
  return {.name64 = names.name64,
          .name32 = names.name32,
          .bits64 = std::uint16_t(names.name64.empty() ? 0 : bits),
          .bits32 = std::uint16_t(names.name32.empty() ? 0 : bits),
          .type = type,
          .feature = feature,
          .group = "system",
          .bank = bank,
          .bytes = bytes,
          .where = std::uint32_t(where),
          .needs = needs};
}
#define CONTROL(name, type) \
  system_register({#name, #name}, 64, type, control, Bank::System, offsetof(SystemRegisters, name), 8)
#define MSR(name, index, needs) system_register({#name, #name}, 64, "int64", msrs, Bank::Msr, index, 8, needs)
#define TABLE(name, member)                                                                \
  system_register({#name "_base", #name "_base"}, 64, "int64", tables, Bank::System,       \
                  offsetof(SystemRegisters, member.base), 8),                              \
      system_register({#name "_limit", #name "_limit"}, 32, "int32", tables, Bank::System, \
                      offsetof(SystemRegisters, member.limit), sizeof(SystemRegisters{}.member.limit))
#define SELECTED(name, member)                                                                                       \
  system_register({#name, #name}, 32, "int32", tables, Bank::System, offsetof(SystemRegisters, member.selector), 2), \
      TABLE(name, member),                                                                                           \
      system_register({#name "_attr", #name "_attr"}, 32, "segment_attributes", tables, Bank::SegmentAttributes,     \
                      offsetof(SystemRegisters, member), 4)
#define BASE(name64, name32, feature, member) \
  system_register({name64, name32}, 64, "int64", feature, Bank::System, offsetof(SystemRegisters, member.base), 8)
#define LIMIT_AND_ATTRIBUTES(name)                                                                                 \
  system_register({#name "_limit", #name "_limit"}, 32, "int32", segments, Bank::System,                           \
                  offsetof(SystemRegisters, name.limit), 4),                                                       \
      system_register({#name "_attr", #name "_attr"}, 32, "segment_attributes", segments, Bank::SegmentAttributes, \
                      offsetof(SystemRegisters, name), 4)
#define DEBUG(name, type, where) system_register({name, name}, 64, type, debug, Bank::Debug, where, 8)

// GDB's own features are as its features/i386/*.xml have them: it refuses a description with one register missing.
constexpr Register table[] = {
    GENERAL(rax, "eax", .dwarf64 = 0, .dwarf32 = 0),
    GENERAL(rbx, "ebx", .dwarf64 = 3, .dwarf32 = 3),
    GENERAL(rcx, "ecx", .dwarf64 = 2, .dwarf32 = 1),
    GENERAL(rdx, "edx", .dwarf64 = 1, .dwarf32 = 2),
    GENERAL(rsi, "esi", .dwarf64 = 4, .dwarf32 = 6),
    GENERAL(rdi, "edi", .dwarf64 = 5, .dwarf32 = 7),
    stack_pointer(
        GENERAL(rbp, "ebp", .type = "data_ptr", .role = Role::Fp, .expedited = true, .dwarf64 = 6, .dwarf32 = 5)),
    stack_pointer(
        GENERAL(rsp, "esp", .type = "data_ptr", .role = Role::Sp, .expedited = true, .dwarf64 = 7, .dwarf32 = 4)),
    GENERAL(r8, "", .dwarf64 = 8),
    GENERAL(r9, "", .dwarf64 = 9),
    GENERAL(r10, "", .dwarf64 = 10),
    GENERAL(r11, "", .dwarf64 = 11),
    GENERAL(r12, "", .dwarf64 = 12),
    GENERAL(r13, "", .dwarf64 = 13),
    GENERAL(r14, "", .dwarf64 = 14),
    GENERAL(r15, "", .dwarf64 = 15),
    program_counter(),
    flags(),
    SELECTOR(cs, 51, 41),
    SELECTOR(ss, 52, 42),
    SELECTOR(ds, 53, 43),
    SELECTOR(es, 50, 40),
    SELECTOR(fs, 54, 44),
    SELECTOR(gs, 55, 45),
    N0_7(ST),
    x87_word("fctrl", 0, 2),
    x87_word("fstat", 2, 2),
    tag_word(),
    x87_word("fiseg", 12, 2),
    x87_word("fioff", 8, 4),
    x87_word("foseg", 20, 2),
    x87_word("fooff", 16, 4),
    x87_word("fop", 6, 2),

    N0_7(XMM),
    N8_15(XMM_64),
    extended({"mxcsr", "mxcsr"}, 32, "i386_mxcsr", sse, Component::Sse, 24, 4, "vector", Needs::Nothing, 64, 39),

    N0_7(YMMH),
    N8_15(YMMH_64),

    N0_7(K),
    N0_7(ZMMH),
    N8_15(ZMMH_64),
    N16_31(ZMMH_HIGH),
    N16_31(XMM_HIGH),
    N16_31(YMMH_HIGH),

    extended({"pkru", "pkru"}, 32, "int32", pkeys, Component::Pkru, 0, 4, "system", Needs::Pkru),

    BASE("fs_base", "", gdb_segments, fs),
    BASE("gs_base", "", gdb_segments, gs),

    CONTROL(cr0, "cr0_flags"),
    CONTROL(cr2, "int64"),
    CONTROL(cr3, "int64"),
    CONTROL(cr4, "cr4_flags"),
    CONTROL(cr8, "int64"),
    CONTROL(efer, "efer_flags"),
    system_register({"xcr0", "xcr0"}, 64, "xcr0_flags", control, Bank::Xcr0, 0, 8),

    MSR(k_gs_base, msr::kernel_gs_base, Needs::LongMode),
    MSR(star, msr::star, Needs::LongMode),
    MSR(lstar, msr::lstar, Needs::LongMode),
    MSR(cstar, msr::cstar, Needs::LongMode),
    MSR(syscall_mask, msr::fmask, Needs::LongMode),
    MSR(sysenter_cs, msr::sysenter_cs, Needs::Sysenter),
    MSR(sysenter_esp, msr::sysenter_esp, Needs::Sysenter),
    MSR(sysenter_eip, msr::sysenter_eip, Needs::Sysenter),
    MSR(pat, msr::pat, Needs::Pat),
    MSR(tsc_aux, msr::tsc_aux, Needs::Rdtscp),
    system_register({"apic_base", "apic_base"}, 64, "apic_base_flags", msrs, Bank::System,
                    offsetof(SystemRegisters, apic_base), 8),

    TABLE(gdtr, gdt),
    TABLE(idtr, idt),
    SELECTED(ldtr, ldt),
    SELECTED(tr, tr),

    BASE("cs_base", "cs_base", segments, cs),
    BASE("ss_base", "ss_base", segments, ss),
    BASE("ds_base", "ds_base", segments, ds),
    BASE("es_base", "es_base", segments, es),
    BASE("", "fs_base", segments, fs),
    BASE("", "gs_base", segments, gs),
    LIMIT_AND_ATTRIBUTES(cs),
    LIMIT_AND_ATTRIBUTES(ss),
    LIMIT_AND_ATTRIBUTES(ds),
    LIMIT_AND_ATTRIBUTES(es),
    LIMIT_AND_ATTRIBUTES(fs),
    LIMIT_AND_ATTRIBUTES(gs),

    DEBUG("dr0", "int64", offsetof(DebugRegisters, db)),
    DEBUG("dr1", "int64", offsetof(DebugRegisters, db) + 8),
    DEBUG("dr2", "int64", offsetof(DebugRegisters, db) + 16),
    DEBUG("dr3", "int64", offsetof(DebugRegisters, db) + 24),
    DEBUG("dr6", "dr6_flags", offsetof(DebugRegisters, dr6)),
    DEBUG("dr7", "dr7_flags", offsetof(DebugRegisters, dr7)),

    // Without it, a GDB for GNU/Linux refuses to record, to write core files and to call functions.
    {.name64 = "orig_rax",
     .name32 = "orig_eax",
     .bits64 = 64,
     .bits32 = 32,
     .type = "int64",
     .feature = gdb_linux,
     .group = "system",
     .bank = Bank::NoSystemCall,
     .bytes = 8,
     .where = 0,
     .needs = Needs::NoLibraries},
};

}  // namespace

std::span<const Register> register_table() { return table; }

}  // namespace gdbvm::x86
