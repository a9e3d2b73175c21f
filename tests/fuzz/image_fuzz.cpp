// Any bytes as an image for one protocol (FUZZED): an error, or a plan whose placements are disjoint RAM and whose CPU
// starts on mapped memory.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "vmm/boot/image.h"
#include "vmm/boot/install.h"
#include "vmm/boot/ram_plan.h"
#include "vmm/memory/page_walk.h"

namespace {

using namespace gdbvm;

constexpr std::uint64_t ram_size = 8 << 20;
constexpr auto fuzzed = boot::Protocol::FUZZED;

void require(bool holds) {
  if (!holds) std::abort();
}

// The first two bytes of the input choose the options.
boot::LoadOptions options_from(std::uint8_t choices, std::uint8_t address) {
  boot::LoadOptions options;
  options.protocol = fuzzed;
  options.cpus = 1 + choices % 8;
  if (choices & 0x10) options.mode = static_cast<boot::Mode>((choices >> 5) % 3);
  if (choices & 0x08) options.load = Gpa{std::uint64_t{address} << (choices & 0x80 ? 16 : 8)};
  if (address & 0x01) options.command_line.assign(std::size_t{address} << (choices & 7), 'c');
  for (unsigned i = 0; i < (address >> 1 & 3); ++i) {
    options.modules.push_back({"m", "m line", std::vector<std::uint8_t>(std::size_t{choices} << (4 * i), 'm')});
  }
  return options;
}

void put(std::vector<std::uint8_t>& image, std::size_t at, std::uint32_t value) {
  if (at + sizeof value <= image.size()) std::memcpy(&image[at], &value, sizeof value);
}
std::uint32_t get(const std::vector<std::uint8_t>& image, std::size_t at) {
  std::uint32_t value = 0;
  if (at + sizeof value <= image.size()) std::memcpy(&value, &image[at], sizeof value);
  return value;
}

// Fills in what a fuzzer does not guess: magic numbers and checksums. `choice` leaves some inputs unchanged.
void make_plausible(std::vector<std::uint8_t>& image, std::uint8_t choice) {
  if (choice % 4 == 0) return;
  if (fuzzed == boot::Protocol::Linux) put(image, 0x202, 0x53726448);
  if (fuzzed == boot::Protocol::Pvh || fuzzed == boot::Protocol::Elf) put(image, 0, 0x464c457f);
  if (fuzzed != boot::Protocol::Multiboot) return;
  const bool second = choice % 4 == 1;
  const std::size_t at = choice & 0x40 ? 128 : 0, words = second ? 3 : 2;
  put(image, at, second ? 0xe85250d6 : 0x1badb002);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < words; ++i) sum += get(image, at + 4 * i);
  put(image, at + 4 * words, -sum);
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
  GuestMemory memory(ram_size);
  if (plan.rom) {
    require(!ram.is_ram(plan.rom->start, 1) && plan.rom->bytes.size() % page_size == 0);
    memory.add_rom(plan.rom->start, plan.rom->bytes.size());
  }
  boot::install(plan, memory);
  const auto pc = translate(memory, plan.system, Gva{x86::linear_pc(plan.system, plan.general.rip)});
  require(pc && memory.at(pc->address, 1) != nullptr);
  if (plan.rom) return;  // firmware has no stack yet
  const auto stack = translate(memory, plan.system, Gva{plan.system.ss.base + plan.general.rsp});
  require(stack && ram.is_ram(stack->address, 1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  std::vector<std::uint8_t> image(bytes + 2, bytes + size);
  make_plausible(image, bytes[1]);
  const auto plan = boot::plan_boot(image, options_from(bytes[0], bytes[1]), ram_size);
  if (plan) {
    check(*plan);
  } else {
    require(!plan.error().empty() && plan.error().find('\n') == std::string::npos);
  }
  return 0;
}
