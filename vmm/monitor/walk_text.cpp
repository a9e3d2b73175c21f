// Entries are read once more along the way that the walk has taken.
#include "vmm/monitor/walk_text.h"

#include <array>
#include <cstring>

#include "vmm/memory/mapped_ranges.h"
#include "vmm/memory/page_walk.h"

namespace gdbvm::monitor {

namespace {

struct EntryFlag {
  unsigned bit;
  std::string_view name;
  char letter;
};
// SDM vol. 3, table 4-20; in the order of QEMU's letters.
constexpr EntryFlag flags[] = {{63, "no-execute", 'X'},   {8, "global", 'G'},   {7, "large", 'P'},
                               {6, "dirty", 'D'},         {5, "accessed", 'A'}, {4, "cache-disable", 'C'},
                               {3, "write-through", 'T'}, {2, "user", 'U'},     {1, "writable", 'W'}};

std::string_view name_of(paging::Mode mode) {
  constexpr std::string_view names[] = {"no paging", "32-bit paging", "PAE paging", "4-level paging", "5-level paging"};
  return names[static_cast<std::size_t>(mode)];
}

std::string size_text(std::uint64_t size) {
  if (size >= 1u << 30) return fmt::format("{} GiB", size >> 30);
  return size >= 1u << 20 ? fmt::format("{} MiB", size >> 20) : fmt::format("{} KiB", size >> 10);
}

std::string flag_names(std::uint64_t entry) {
  if (!(entry & paging::bits::present)) return " not present";
  std::string text = " present";
  for (auto flag = std::rbegin(flags); flag != std::rend(flags); ++flag) {
    if (entry >> flag->bit & 1) text += fmt::format(" {}", flag->name);
  }
  return text;
}

std::string entry_line(const GuestMemory& memory, const paging::Format& format, const paging::Level& level, Gva address,
                       Gpa at) {
  const std::uint64_t index = address.value >> level.shift & ((1u << level.index_bits) - 1);
  std::string text = fmt::format("  {:<4} [{:3}] at {}: ", level.table, index, at);
  std::array<std::uint8_t, 8> bytes{};
  if (memory.read(at, std::span(bytes).first(format.entry_size())) != format.entry_size()) return text + "not RAM\n";
  std::uint64_t entry = 0;
  std::memcpy(&entry, bytes.data(), sizeof entry);
  text += fmt::format("{:#0{}x}", entry, 2 + 2 * format.entry_size());
  if (entry & paging::bits::present) {
    const bool page = format.is_page(entry, level);
    text += fmt::format(" -> {} {},", page ? size_text(std::uint64_t{1} << level.shift) + " page at" : "table at",
                        format.target(entry, level));
  }
  return text + flag_names(entry) + "\n";
}

std::string rights_text(paging::Rights rights) {
  return fmt::format("{}, {}, {}", rights.writable ? "writable" : "read-only", rights.user ? "user" : "supervisor",
                     rights.executable ? "executable" : "no-execute");
}

}  // namespace

std::string walk_text(const GuestMemory& memory, const x86::SystemRegisters& system, Gva address) {
  const paging::Format format(system);
  if (format.mode() == paging::Mode::None) {
    return format.is_address(address) ? fmt::format("{0} is physical {0}: paging is off\n", address)
                                      : describe({TranslationError::Kind::NotAnAddress, address}) + "\n";
  }
  const auto found = translate(memory, system, address);
  std::string text = fmt::format("{} by {}, CR3 {:#x}\n", address, name_of(format.mode()), system.cr3);
  const std::span<const Gpa> passed =
      found ? found->entries() : std::span<const Gpa>(found.error().passed).first(found.error().passed_count);
  for (std::size_t i = 0; i < passed.size(); ++i) {
    text += entry_line(memory, format, format.levels()[i], address, passed[i]);
  }
  if (!found) return text + describe(found.error()) + "\n";
  return text + fmt::format("{} is physical {}{}: {}\n", address, found->address,
                            memory.at(found->address, 1) ? "" : ", which is not RAM", rights_text(found->rights));
}

std::string RangeLines::more(const GuestMemory& memory, const std::function<bool()>& pause) {
  MappedRanges ranges(memory, system_);
  std::string text;
  while (!done_) {
    const auto range = ranges.next({next_});
    if (range) {
      add(*range, text);
      next_ = (range->start + range->size).value;
    }
    done_ = done_ || !range || next_ == 0;
    if (done_ || pause()) break;
  }
  if (done_) flush(text);
  return text;
}

void RangeLines::add(const MappedRange& range, std::string& text) {
  const bool joins = last_ && last_->start + last_->size == range.start && last_->rights.user == range.rights.user &&
                     last_->rights.writable == range.rights.writable;
  if (joins) {
    last_->size += range.size;
    return;
  }
  flush(text);
  if (lines_ < max_lines) {
    last_ = range;
    return;
  }
  text += fmt::format("only the first {} ranges are listed\n", max_lines);
  done_ = true;
}

void RangeLines::flush(std::string& text) {
  if (!last_) return;
  std::uint64_t end = last_->start.value + last_->size;
  if (end == 0) end = std::uint64_t{1} << paging::Format(system_).address_bits();  // QEMU's end of the address space
  text += fmt::format("{:016x}-{:016x} {:016x} {}r{}\n", last_->start.value, end, last_->size,
                      last_->rights.user ? 'u' : '-', last_->rights.writable ? 'w' : '-');
  ++lines_;
  last_.reset();
}

std::string page_line(const PageMapping& page) {
  // Bit 7 of a 4 KiB page's entry is part of its memory type.
  const std::uint64_t entry = page.size == page_size ? page.entry & ~paging::bits::large : page.entry;
  std::string letters;
  for (const EntryFlag& flag : flags) letters += entry >> flag.bit & 1 ? flag.letter : '-';
  return fmt::format("{:016x}: {:016x} {}\n", page.start.value, page.target.value, letters);
}

}  // namespace gdbvm::monitor
