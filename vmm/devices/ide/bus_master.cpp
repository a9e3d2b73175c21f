#include "vmm/devices/ide/bus_master.h"

#include <algorithm>
#include <array>
#include <span>

#include "vmm/memory/guest_memory.h"
#include "vmm/memory/little_endian.h"

namespace gdbvm::ide {

namespace {
constexpr unsigned command_at = 0, status_at = 2, table_at = 4;
constexpr std::uint8_t start = 1, to_memory = 8;                                  // command
constexpr std::uint8_t active = 1, bus_error = 2, interrupt = 4, capable = 0x60;  // status
constexpr std::uint32_t table_bits = ~std::uint32_t{3}, most_descriptors = 8192;  // a table is in 64 KiB
constexpr std::uint32_t most_bytes = 0x10000;
constexpr std::uint32_t last = 1u << 31;
}  // namespace

std::uint8_t BusMaster::read(unsigned offset) const {
  if (offset == command_at) return state_.command;
  if (offset == status_at) return state_.status | capable;
  if (offset >= table_at) return static_cast<std::uint8_t>(state_.table >> 8 * (offset - table_at));
  return 0;
}

void BusMaster::write(unsigned offset, std::uint8_t value) {
  if (offset == command_at) {
    const bool starts = value & start && !(state_.command & start);
    state_.command = value & (start | to_memory);
    if (starts) state_.status |= active;
    if (!(value & start)) state_.status &= static_cast<std::uint8_t>(~active);
  } else if (offset == status_at) {
    state_.status &= static_cast<std::uint8_t>(~(value & (bus_error | interrupt)));
  } else if (offset >= table_at && offset < ports) {
    const unsigned shift = 8 * (offset - table_at);
    state_.table = ((state_.table & ~(0xffu << shift)) | std::uint32_t{value} << shift) & table_bits;
  }
}

void BusMaster::note_interrupt() { state_.status |= interrupt; }

// false: it is not in memory, or the drive has failed.
bool BusMaster::transfer(Drive& drive, Gpa at, std::uint32_t size) {
  buffer_.resize(most_bytes);
  const auto bytes = std::span(buffer_).first(size);
  if (drive.dma() == Drive::Dma::ToMemory) {
    if (!memory_.writable_at(at, size)) return false;
    drive.dma_to_memory(bytes);
    return !(drive.status_now() & failed) && memory_.write(at, bytes);
  }
  if (memory_.read_own(at, bytes) != size) return false;
  drive.dma_from_memory(bytes);
  return !(drive.status_now() & failed);
}

void BusMaster::run(Drive* drive) {
  if (!(state_.status & active) || !drive || drive->dma() == Drive::Dma::None) return;
  if ((drive->dma() == Drive::Dma::ToMemory) != ((state_.command & to_memory) != 0)) return;
  for (std::uint32_t i = 0; i < most_descriptors; ++i) {
    std::array<std::uint8_t, 8> descriptor{};
    const bool there = memory_.read_own({state_.table + std::uint64_t{i} * descriptor.size()}, descriptor) == 8;
    const auto place = static_cast<std::uint32_t>(little_endian(std::span(descriptor).first(4)));
    const auto rest = static_cast<std::uint32_t>(little_endian(std::span(descriptor).subspan(4)));
    const std::uint32_t size = (rest & 0xfffe) == 0 ? most_bytes : rest & 0xfffe;
    const auto piece = static_cast<std::uint32_t>(std::min<std::uint64_t>(size, drive->bytes_left()));
    if (!there || !transfer(*drive, {place & ~1u}, piece)) {
      state_.status = static_cast<std::uint8_t>((state_.status & ~active) | bus_error);
      return;
    }
    const bool table_ends = rest & last, drive_ends = drive->dma() == Drive::Dma::None;
    // A table for more than the drive has leaves the bus master active.
    if (table_ends && (!drive_ends || piece == size)) state_.status &= static_cast<std::uint8_t>(~active);
    if (table_ends || drive_ends) return;
  }
}

void BusMaster::restore(StateReader& from) {
  state_ = from.get<State>();
  state_.table &= table_bits;
}

}  // namespace gdbvm::ide
