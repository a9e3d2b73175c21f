// The handler's instructions and the vectors.
#include "vmm/boot/missing_bios.h"

#include <vector>

#include "vmm/x86/layout.h"
#include "vmm/x86/wiring.h"

namespace gdbvm::boot {

namespace {

namespace layout = x86::layout;

constexpr std::uint8_t handler[] = {
    0x55,        // push %bp
    0x89, 0xe5,  // mov %sp, %bp
    0x1e,        // push %ds
    0x56,        // push %si
    0x50,        // push %ax
    0xc5, 0x76,
    0x02,  // lds 2(%bp), %si: where `iret` returns to
    0x8b, 0x44,
    0xfe,                                  // mov -2(%si), %ax
    0xe7, x86::wiring::missing_bios_port,  // out %ax, $PORT
    0x58,                                  // pop %ax
    0x5e,                                  // pop %si
    0x1f,                                  // pop %ds
    0x80, 0x4e,
    0x06, 0x01,  // orb $1, 6(%bp): CF
    0x5d,        // pop %bp
    0xcf,        // iret
};

// Of the services; what lies around them are the PICs' first interrupts and pointers to tables.
constexpr unsigned first_service = 0x10, last_service = 0x1a, vector_size = 4;

}  // namespace

void place_missing_bios(BootPlan& plan, RamPlan& ram) {
  const Gpa code{layout::missing_bios}, vectors{first_service * vector_size};
  std::vector<std::uint8_t> table;
  for (unsigned service = first_service; service <= last_service; ++service) {
    constexpr std::uint16_t segment = 0xf000, offset = layout::missing_bios - (segment << 4);
    for (const unsigned part : {offset & 0xff, offset >> 8, segment & 0xff, segment >> 8}) {
      table.push_back(static_cast<std::uint8_t>(part));
    }
  }
  if (!ram.take(code, sizeof handler) || !ram.take(vectors, table.size())) return;
  plan.placements.push_back({code, {std::begin(handler), std::end(handler)}});
  plan.placements.push_back({vectors, std::move(table)});
}

}  // namespace gdbvm::boot
