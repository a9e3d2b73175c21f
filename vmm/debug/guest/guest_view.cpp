// Guest memory as the debugger sees it: by linear address through a vCPU's page tables, without our int3 bytes.
#include "vmm/debug/guest/guest_view.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "vmm/memory/page_walk.h"

namespace gdbvm {

using gdbstub::fail;
using gdbstub::Result;

Result<Gpa> GuestView::translate(Vcpu& vcpu, Gva address) const {
  const auto found = gdbvm::translate(memory_, vcpu.system(), address);
  if (!found) return fail(describe(found.error()));
  return found->address;
}

std::optional<GuestView::Place> GuestView::plain(Vcpu& vcpu, Gva address, std::size_t size, Access access) const {
  const auto& system = vcpu.system();
  const auto found = gdbvm::translate(memory_, system, address);
  if (!found || address.page_offset() + size > page_size) return std::nullopt;
  std::byte* const bytes = memory_.at(found->address, size);
  if (!bytes) return std::nullopt;
  const bool write = access == Access::Write;
  if (write && (!found->rights.writable || memory_.is_rom(found->address))) return std::nullopt;
  if (found->rights.user && (system.cr4 & (x86::cr4::smap | x86::cr4::pke))) return std::nullopt;
  std::uint64_t entry = ~std::uint64_t{0};
  for (const Gpa at : found->entries()) {
    std::memcpy(&entry, memory_.at(at, sizeof entry), sizeof entry);
    if (!(entry & paging::bits::accessed)) return std::nullopt;
  }
  if (write && !(entry & paging::bits::dirty)) return std::nullopt;
  if (planted_.any_within(found->address, size)) return std::nullopt;
  if (write) memory_.note_written(found->address, size);
  return Place{found->address, bytes};
}

Result<std::size_t> GuestView::read(const x86::SystemRegisters& space, Gva address, std::span<std::uint8_t> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const auto page = gdbvm::translate(memory_, space, address + done);
    if (!page) {
      if (done == 0) return fail(describe(page.error()));
      return done;
    }
    const std::uint64_t left_in_page = page->page_size - ((address.value + done) & (page->page_size - 1));
    const std::size_t wanted = std::min<std::uint64_t>(left_in_page, out.size() - done);
    const auto count = read_physical(page->address, out.subspan(done, wanted));
    if (!count) {
      if (done == 0) return count;
      return done;
    }
    done += *count;
    if (*count < wanted) break;
  }
  return done;
}

Result<> GuestView::write(const x86::SystemRegisters& space, Gva address, std::span<const std::uint8_t> bytes) {
  struct Piece {
    Gpa start;
    std::span<const std::uint8_t> bytes;
  };
  std::vector<Piece> pieces;
  for (std::size_t done = 0; done < bytes.size();) {
    const auto page = gdbvm::translate(memory_, space, address + done);
    if (!page) return fail(describe(page.error()));
    const std::uint64_t left_in_page = page->page_size - ((address.value + done) & (page->page_size - 1));
    const std::size_t count = std::min<std::uint64_t>(left_in_page, bytes.size() - done);
    if (!memory_.at(page->address, count)) return fail(fmt::format("there is no RAM at {}", page->address));
    pieces.push_back({page->address, bytes.subspan(done, count)});
    done += count;
  }
  for (const Piece& piece : pieces) planted_.write(piece.start, piece.bytes);
  return {};
}

Result<std::size_t> GuestView::read_physical(Gpa address, std::span<std::uint8_t> out) const {
  const std::size_t count = memory_.read(address, out);
  if (count == 0 && !out.empty()) return fail(fmt::format("there is no RAM at {}", address));
  planted_.hide(address, out.first(count));
  return count;
}

Result<> GuestView::write_physical(Gpa address, std::span<const std::uint8_t> bytes) {
  if (!planted_.write(address, bytes)) return fail(fmt::format("there is no RAM at {}", address));
  return {};
}

}  // namespace gdbvm
