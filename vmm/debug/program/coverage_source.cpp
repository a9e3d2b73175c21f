#include "vmm/debug/program/coverage_source.h"

#include <fcntl.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "vmm/debug/program/file_reader.h"
#include "vmm/host/fd.h"
#include "vmm/symbols/elf_file.h"

namespace gdbvm {

using gdbstub::fail;
using gdbstub::Result;

namespace {

constexpr std::uint32_t pt_load = 1;
constexpr std::size_t compared = 4;  // bytes

std::vector<symbols::ElfSegment> loaded_segments(const symbols::ElfFile& file) {
  std::vector<symbols::ElfSegment> segments;
  for (unsigned i = 0; i < file.segment_count(); ++i) {
    const auto segment = file.segment(i);
    if (segment && segment->type == pt_load) segments.push_back(*segment);
  }
  return segments;
}

bool has_bytes(const boot::BootPlan& plan, Gpa where, std::span<const std::uint8_t> bytes) {
  return std::ranges::any_of(plan.placements, [&](const boot::Placement& placement) {
    if (where < placement.start || where - placement.start > placement.bytes.size()) return false;
    const auto own = std::span(placement.bytes).subspan(where - placement.start);
    return own.size() >= bytes.size() && std::ranges::equal(own.first(bytes.size()), bytes);
  });
}

}  // namespace

Result<coverage::CoverageMap> read_coverage_map(const std::string& elf, std::span<const std::string> patterns) {
  const Fd file(elf.empty() ? -1 : ::open(elf.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return fail("coverage needs an ELF file with line tables: the image, or --symbols");
  auto lines = symbols::read_source_lines(file.get());
  if (!lines) return fail(fmt::format("coverage: {} {}", elf, lines.error()));
  if (lines->rows.empty()) return fail(fmt::format("coverage: {} has no line tables: compile with -g", elf));
  coverage::CoverageMap map(std::move(*lines), patterns);
  if (map.addresses().empty())
    return fail(fmt::format("coverage: no source file of {} is meant by --coverage-of", elf));
  return map;
}

std::vector<std::optional<Gpa>> loaded_places(const std::string& elf, const boot::BootPlan& plan,
                                              std::span<const std::uint64_t> addresses) {
  std::vector<std::optional<Gpa>> places(addresses.size());
  const auto file = symbols::ElfFile::open(reader_of(elf));
  if (!file || plan.sliding_kernel) return places;
  const auto segments = loaded_segments(*file);
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const std::uint64_t address = addresses[i];
    for (const symbols::ElfSegment& segment : segments) {
      const std::uint64_t into = address - segment.linear;
      std::array<std::uint8_t, compared> bytes{};
      if (address < segment.linear || into + compared > segment.file_size) continue;
      const Gpa place{segment.physical + into};
      if (file->read(segment.offset + into, bytes) && has_bytes(plan, place, bytes)) places[i] = place;
    }
  }
  return places;
}

}  // namespace gdbvm
