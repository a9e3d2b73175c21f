// The GDB types of registers: flags with names, vectors, and the unions of vectors that xmm registers are.
#include "vmm/x86/registers.h"

namespace gdbvm::x86 {

namespace {

constexpr FlagField bit(std::string_view name, unsigned number) { return {name, number, number}; }

constexpr FlagField eflags[] = {bit("CF", 0),   bit("", 1),    bit("PF", 2),  bit("AF", 4),  bit("ZF", 6),
                                bit("SF", 7),   bit("TF", 8),  bit("IF", 9),  bit("DF", 10), bit("OF", 11),
                                bit("NT", 14),  bit("RF", 16), bit("VM", 17), bit("AC", 18), bit("VIF", 19),
                                bit("VIP", 20), bit("ID", 21)};
constexpr FlagField mxcsr[] = {bit("IE", 0),  bit("DE", 1),  bit("ZE", 2),  bit("OE", 3), bit("UE", 4),
                               bit("PE", 5),  bit("DAZ", 6), bit("IM", 7),  bit("DM", 8), bit("ZM", 9),
                               bit("OM", 10), bit("UM", 11), bit("PM", 12), bit("FZ", 15)};
// SDM vol. 3, 2.5 (control registers), 2.6 (XCR0), 2.2.1 (EFER).
constexpr FlagField cr0[] = {bit("PE", 0),  bit("MP", 1),  bit("EM", 2),  bit("TS", 3),  bit("ET", 4), bit("NE", 5),
                             bit("WP", 16), bit("AM", 18), bit("NW", 29), bit("CD", 30), bit("PG", 31)};
constexpr FlagField cr4[] = {
    bit("VME", 0),   bit("PVI", 1),   bit("TSD", 2),   bit("DE", 3),        bit("PSE", 4),         bit("PAE", 5),
    bit("MCE", 6),   bit("PGE", 7),   bit("PCE", 8),   bit("OSFXSR", 9),    bit("OSXMMEXCPT", 10), bit("UMIP", 11),
    bit("LA57", 12), bit("VMXE", 13), bit("SMXE", 14), bit("FSGSBASE", 16), bit("PCIDE", 17),      bit("OSXSAVE", 18),
    bit("SMEP", 20), bit("SMAP", 21), bit("PKE", 22),  bit("CET", 23),      bit("PKS", 24)};
constexpr FlagField efer[] = {bit("SCE", 0),  bit("LME", 8),   bit("LMA", 10),
                              bit("NXE", 11), bit("SVME", 12), bit("FFXSR", 14)};
constexpr FlagField xcr0[] = {bit("X87", 0),       bit("SSE", 1),      bit("AVX", 2),
                              bit("BNDREGS", 3),   bit("BNDCSR", 4),   bit("OPMASK", 5),
                              bit("ZMM_HI256", 6), bit("HI16_ZMM", 7), bit("PKRU", 9)};
constexpr FlagField apic_base[] = {bit("BSP", 8), bit("X2APIC", 10), bit("ENABLE", 11), {"BASE", 12, 51}};
// The second double word of a descriptor without base and limit (SDM vol. 3, 3.4.5), from bit 8 on; and KVM's
// "unusable".
constexpr FlagField segment_attributes[] = {{"TYPE", 0, 3}, bit("S", 4),   {"DPL", 5, 6},
                                            bit("P", 7),    bit("AVL", 8), bit("L", 9),
                                            bit("DB", 10),  bit("G", 11),  bit("UNUSABLE", 12)};
// SDM vol. 3, 17.2.3 and 17.2.4.
constexpr FlagField dr6[] = {bit("B0", 0),  bit("B1", 1),  bit("B2", 2), bit("B3", 3),
                             bit("BD", 13), bit("BS", 14), bit("BT", 15)};
constexpr FlagField dr7[] = {bit("L0", 0),    bit("G0", 1),     bit("L1", 2),     bit("G1", 3),    bit("L2", 4),
                             bit("G2", 5),    bit("L3", 6),     bit("G3", 7),     bit("LE", 8),    bit("GE", 9),
                             bit("GD", 13),   {"RW0", 16, 17},  {"LEN0", 18, 19}, {"RW1", 20, 21}, {"LEN1", 22, 23},
                             {"RW2", 24, 25}, {"LEN2", 26, 27}, {"RW3", 28, 29},  {"LEN3", 30, 31}};

constexpr UnionType::Member vec128[] = {{"v4_float", "v4f"},   {"v2_double", "v2d"},  {"v16_int8", "v16i8"},
                                        {"v8_int16", "v8i16"}, {"v4_int32", "v4i32"}, {"v2_int64", "v2i64"},
                                        {"uint128", "uint128"}};

#define VECTORS_OF_XMM                                                                                               \
  VectorType{"v4f", "ieee_single", 4}, VectorType{"v2d", "ieee_double", 2}, VectorType{"v16i8", "int8", 16},         \
      VectorType{"v8i16", "int16", 8}, VectorType{"v4i32", "int32", 4}, VectorType{"v2i64", "int64", 2}, UnionType { \
    "vec128", vec128                                                                                                 \
  }

constexpr Type core_types[] = {FlagsType{"i386_eflags", 4, eflags}};
constexpr Type sse_types[] = {VECTORS_OF_XMM, FlagsType{"i386_mxcsr", 4, mxcsr}};
constexpr Type avx512_types[] = {VECTORS_OF_XMM, VectorType{"v2ui128", "uint128", 2}};
constexpr Type control_types[] = {FlagsType{"cr0_flags", 8, cr0}, FlagsType{"cr4_flags", 8, cr4},
                                  FlagsType{"efer_flags", 8, efer}, FlagsType{"xcr0_flags", 8, xcr0}};
constexpr Type msr_types[] = {FlagsType{"apic_base_flags", 8, apic_base}};
constexpr Type segment_types[] = {FlagsType{"segment_attributes", 4, segment_attributes}};
constexpr Type debug_types[] = {FlagsType{"dr6_flags", 8, dr6}, FlagsType{"dr7_flags", 8, dr7}};

struct Row {
  std::string_view feature;
  std::span<const Type> types;
};
constexpr Row rows[] = {{"org.gnu.gdb.i386.core", core_types},
                        {"org.gnu.gdb.i386.sse", sse_types},
                        {"org.gnu.gdb.i386.avx512", avx512_types},
                        {"org.gdbvm.control", control_types},
                        {"org.gdbvm.msr", msr_types},
                        {"org.gdbvm.tables", segment_types},
                        {"org.gdbvm.segments", segment_types},
                        {"org.gdbvm.debug", debug_types}};

}  // namespace

std::span<const Type> types_of(std::string_view feature) {
  for (const Row& row : rows)
    if (row.feature == feature) return row.types;
  return {};
}

}  // namespace gdbvm::x86
