// Any bytes as an image: an error, or a plan whose placements are disjoint RAM and whose CPU starts on mapped memory.
#include <algorithm>
#include <cstdlib>

#include "vmm/boot/image.h"
#include "vmm/boot/install.h"
#include "vmm/boot/ram_plan.h"
#include "vmm/memory/page_walk.h"

namespace {

using namespace gdbvm;

constexpr std::uint64_t ram_size = 8 << 20;

void require(bool holds) {
  if (!holds) std::abort();
}

// The first two bytes of the input choose the options.
boot::LoadOptions options_from(std::uint8_t choices, std::uint8_t address) {
  boot::LoadOptions options;
  options.protocol = static_cast<boot::Protocol>(choices % 3);
  if (choices & 0x10) options.mode = static_cast<boot::Mode>((choices >> 5) % 3);
  if (choices & 0x08) options.load = Gpa{std::uint64_t{address} << (choices & 0x80 ? 16 : 8)};
  return options;
}

void check(const boot::BootPlan& plan) {
  const boot::RamPlan ram(ram_size);
  std::vector<const boot::Placement*> placements;
  for (const auto& placement : plan.placements) placements.push_back(&placement);
  std::ranges::sort(placements, {}, [](const auto* p) { return p->start; });
  const boot::Placement* before = nullptr;
  for (const auto* placement : placements) {
    require(ram.is_ram(placement->start, placement->bytes.size()));
    require(!before || before->start + before->bytes.size() <= placement->start);
    before = placement;
  }
  static GuestMemory memory(ram_size);
  memory.clear();
  boot::install(plan, memory);
  for (const std::uint64_t linear :
       {x86::linear_pc(plan.system, plan.general.rip), plan.system.ss.base + plan.general.rsp}) {
    const auto found = translate(memory, plan.system, Gva{linear});
    require(found && ram.is_ram(found->address, 1));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  const auto plan = boot::plan_boot({bytes + 2, size - 2}, options_from(bytes[0], bytes[1]), ram_size);
  if (plan) {
    check(*plan);
  } else {
    require(!plan.error().empty() && plan.error().find('\n') == std::string::npos);
  }
  return 0;
}
