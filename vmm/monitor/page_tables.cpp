// Monitor commands about address spaces: what is mapped where, and why an address is or is not.
#include "vmm/memory/page_walk.h"

#include <cstring>
#include <memory>
#include <utility>

#include "vmm/memory/mapped_ranges.h"
#include "vmm/memory/page_mappings.h"
#include "vmm/monitor/arguments.h"
#include "vmm/monitor/context.h"
#include "vmm/monitor/families.h"
#include "vmm/monitor/walk_text.h"

namespace gdbvm::monitor {

using gdbstub::fail;
using gdbstub::Result;

namespace {

// Page tables of a few KiB may map the whole address space page by page, so both commands are done in pieces.
template <class Listing>
void list_in_pieces(MonitorContext& context, Listing listing) {
  context.rest = [&debuggee = context.debuggee, listing = std::make_shared<Listing>(std::move(listing))](
                     const Print& print) -> Result<gdbstub::Progress> {
    const gdbstub::PieceTimer timer;
    const std::string text = debuggee.run_control().held([&] { return listing->more([&] { return timer.is_up(); }); });
    print(text);
    return listing->done() ? gdbstub::Progress::Done : gdbstub::Progress::Unfinished;
  };
}

struct RangeListing {
  const GuestMemory& memory;
  RangeLines lines;

  std::string more(const std::function<bool()>& pause) { return lines.more(memory, pause); }
  bool done() const { return lines.done(); }
};

// Not QEMU's "PG disabled" where paging is off: plug-ins take this for their map of memory, and fail without one.
Result<> info_mem(MonitorContext& context, Arguments) {
  const auto system = held(context, [&] { return address_space(context); });
  list_in_pieces(context, RangeListing{context.debuggee.machine().memory(), RangeLines(system)});
  return {};
}

class PageListing final {
 public:
  PageListing(const GuestMemory& memory, const x86::SystemRegisters& system) : walk_(memory, system) {}

  std::string more(const std::function<bool()>& pause) {
    std::string text;
    const auto add = [&](const PageMapping& page) {
      text += page_line(page);
      ++pages_;
      return pages_ < max_pages && (pages_ % pages_at_once != 0 || !pause());
    };
    const bool all = walk_.more(add, pause);
    done_ = all || pages_ >= max_pages;
    if (pages_ >= max_pages) text += fmt::format("only the first {} pages are listed\n", max_pages);
    if (const auto more = walk_.passed_over(); done_ && more) {
      text += fmt::format("{} more entries lead to tables that have been listed already\n", more);
    }
    return text;
  }
  bool done() const { return done_; }

 private:
  static constexpr std::size_t max_pages = 1u << 20, pages_at_once = 256;  // between two glances at the clock

  PageWalk walk_;
  std::size_t pages_ = 0;
  bool done_ = false;
};

Result<> info_tlb(MonitorContext& context, Arguments) {
  const auto system = held(context, [&] { return address_space(context); });
  if (paging::mode_of(system) == paging::Mode::None) {
    context.print("PG disabled\n");
  } else {
    list_in_pieces(context, PageListing(context.debuggee.machine().memory(), system));
  }
  return {};
}

Result<> gva2gpa(MonitorContext& context, Arguments arguments) {
  const auto address = parse_address(context, arguments);
  if (!address) return std::unexpected(address.error());
  const auto found = held(
      context, [&] { return translate(context.debuggee.machine().memory(), address_space(context), Gva{*address}); });
  context.print(found ? fmt::format("gpa: {}\n", found->address) : "Unmapped\n");
  return {};
}

Result<> gpa2hva(MonitorContext& context, Arguments arguments) {
  const auto address = parse_address(context, arguments);
  if (!address) return std::unexpected(address.error());
  const std::byte* host = context.debuggee.machine().memory().at({*address}, 1);
  if (!host) return fail(fmt::format("memory at address {:#x} is not RAM", *address));
  context.print(fmt::format("Host virtual address for {:#x} (ram) is {}\n", *address, fmt::ptr(host)));
  return {};
}

Result<> page_table_walk(MonitorContext& context, Arguments arguments) {
  const auto address = parse_address(context, arguments);
  if (!address) return std::unexpected(address.error());
  const std::string text = held(
      context, [&] { return walk_text(context.debuggee.machine().memory(), address_space(context), Gva{*address}); });
  context.print(text);
  return {};
}

Result<> set_cr3(MonitorContext& context, Arguments arguments) {
  if (arguments.size() > 1) return fail("usage: cr3 VALUE|off");
  if (arguments.size() == 1 && arguments[0] == "off") {
    context.selection.cr3.reset();
  } else if (arguments.size() == 1) {
    const auto value = parse_address(context, arguments);
    if (!value) return std::unexpected(value.error());
    const auto mode = held(context, [&] { return paging::mode_of(cpu_of(context).system()); });
    if (mode == paging::Mode::None) return fail(fmt::format("paging is off on CPU {}", context.thread.value - 1));
    if (!context.debuggee.machine().memory().at(Gpa{*value}.page(), 1)) {
      return fail(fmt::format("there is no RAM at {:#x} for a page table to be in", *value));
    }
    context.selection.cr3 = *value;
  }
  context.print(context.selection.cr3
                    ? fmt::format("memory is seen through the page tables at {:#x}\n", *context.selection.cr3)
                    : "memory is seen through each CPU's own CR3\n");
  return {};
}

}  // namespace

std::span<const MonitorCommand> page_table_commands() {
  static constexpr MonitorCommand table[] = {
      {"info mem", "", "what the page tables map, range by range; without paging, all of it", info_mem},
      {"info tlb", "", "what the page tables map, page by page", info_tlb},
      {"pt", "ADDRESS", "a translation level by level, and what the page may be used for", page_table_walk},
      {"gva2gpa", "ADDRESS", "the physical address of a virtual one", gva2gpa},
      {"gpa2hva", "ADDRESS", "where a physical address is in gdbvm's own address space", gpa2hva},
      {"cr3", "[VALUE|off]", "look at memory through other page tables than the CPU's, until the debugger leaves",
       set_cr3},
  };
  return table;
}

}  // namespace gdbvm::monitor
