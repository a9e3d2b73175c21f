#include "vmm/devices/ide/ata_disk.h"

#include <algorithm>
#include <bit>

#include "vmm/devices/ide/commands.h"
#include "vmm/devices/ide/identify.h"

namespace gdbvm::ide {

namespace {

constexpr std::uint8_t recalibrate = 0x10, seek = 0x70, family = 0xf0;  // 16 commands each
constexpr std::uint8_t by_block_number = 0x40;                          // in the device register
constexpr std::uint32_t most_multiple = 16;
constexpr std::uint64_t floppy_sectors = 2880;

}  // namespace

AtaDisk::AtaDisk(const std::string& path, DiskMode mode) : Drive(path, mode) {
  start_with({.heads = natural_heads,
              .sectors = natural_sectors,
              .multiple = most_multiple,
              .transfer_mode = 0,
              .sense = 0,
              .reserved = 0});
}

std::uint64_t AtaDisk::sectors() const { return std::max(disk().sectors(), floppy_sectors); }

void AtaDisk::put_signature() { at(port::mid) = at(port::high) = 0; }

std::optional<AtaDisk::Range> AtaDisk::addressed(bool extended) {
  const auto low_half = [](std::uint64_t a, std::uint64_t b, std::uint64_t c) { return a | b << 8 | c << 16; };
  std::uint64_t first = low_half(at(port::low), at(port::mid), at(port::high)), number = at(port::count);
  if (extended) {
    first |= low_half(before(port::low), before(port::mid), before(port::high)) << 24;
    number |= std::uint64_t{before(port::count)} << 8;
  } else if (at(port::device) & by_block_number) {
    first |= (at(port::device) & 0xfu) << 24;
  } else {
    const std::uint64_t cylinder = at(port::mid) | std::uint64_t{at(port::high)} << 8, head = at(port::device) & 0xf;
    if (at(port::low) == 0 || at(port::low) > settings().sectors || head >= settings().heads) return std::nullopt;
    first = (cylinder * settings().heads + head) * settings().sectors + at(port::low) - 1;
  }
  if (number == 0) number = extended ? 0x10000 : 0x100;
  if (first >= sectors() || number > sectors() - first) return std::nullopt;
  return Range{first, number};
}

void AtaDisk::transfer(bool to_host, Way way, bool extended, std::size_t sectors_of_piece) {
  const auto range = addressed(extended);
  if (!range) return fail(not_found);
  if (sectors_of_piece == 0 || (!to_host && disk().read_only())) return fail(aborted);
  constexpr std::uint64_t size = DiskImage::sector_size;
  const std::uint64_t offset = range->first * size, bytes = range->count * size;
  const std::size_t piece = sectors_of_piece * size;
  to_host ? send_disk(offset, bytes, way, piece) : receive_disk(offset, bytes, way, piece);
}

void AtaDisk::verify(bool extended) { addressed(extended) ? succeed() : fail(not_found); }

bool AtaDisk::transfers(std::uint8_t command) {
  const std::size_t several = settings().multiple;
  switch (command) {
    case read_sectors:
    case read_sectors_once:
    case read_extended:
      transfer(true, Way::Port, command == read_extended, 1);
      return true;
    case read_multiple:
    case read_multiple_extended:
      transfer(true, Way::Port, command == read_multiple_extended, several);
      return true;
    case write_sectors:
    case write_sectors_once:
    case write_extended:
      transfer(false, Way::Port, command == write_extended, 1);
      return true;
    case write_multiple:
    case write_multiple_extended:
      transfer(false, Way::Port, command == write_multiple_extended, several);
      return true;
    case read_dma:
    case read_dma_once:
    case read_dma_extended:
      transfer(true, Way::Dma, command == read_dma_extended, 1);
      return true;
    case write_dma:
    case write_dma_once:
    case write_dma_extended:
      transfer(false, Way::Dma, command == write_dma_extended, 1);
      return true;
    case identify:
      send(identify_disk({.name = name(),
                          .sectors = sectors(),
                          .heads = settings().heads,
                          .sectors_of_track = settings().sectors,
                          .multiple = settings().multiple,
                          .transfer_mode = settings().transfer_mode}),
           Way::Port, identity_size);
      return true;
    default:
      return false;
  }
}

void AtaDisk::set_multiple() {
  const std::uint8_t wanted = at(port::count);
  if (wanted > most_multiple || (wanted != 0 && !std::has_single_bit(wanted))) return fail(aborted);
  settings().multiple = wanted;
  succeed();
}

void AtaDisk::set_geometry() {
  settings().heads = (at(port::device) & 0xfu) + 1;
  settings().sectors = at(port::count);
  at(port::count) ? succeed() : fail(aborted);
}

// The address of the last sector, where the host expects those of commands.
void AtaDisk::put_last_address(bool extended) {
  std::uint64_t last = sectors() - 1;
  if (!extended) last = std::min<std::uint64_t>(last, 0x0fffffff);
  for (const unsigned number : {port::low, port::mid, port::high})
    at(number) = static_cast<std::uint8_t>(last >> 8 * (number - port::low));
  if (!extended) at(port::device) = static_cast<std::uint8_t>((at(port::device) & 0xf0) | (last >> 24 & 0xf));
  if (extended) {
    for (const unsigned number : {port::low, port::mid, port::high}) {
      const auto lower = at(number);
      write(number, static_cast<std::uint8_t>(last >> 24 >> 8 * (number - port::low)));
      write(number, lower);
    }
  }
  succeed();
}

bool AtaDisk::sets_up(std::uint8_t command) {
  if ((command & family) == recalibrate || (command & family) == seek) return succeed(), true;
  switch (command) {
    case verify_once:
    case Command::verify:
    case verify_extended:
      verify(command == verify_extended);
      return true;
    case set_multiple_command:
      set_multiple();
      return true;
    case set_geometry_command:
      set_geometry();
      return true;
    case flush:
    case flush_extended:
      disk().flush() ? succeed() : fail(aborted);
      return true;
    case read_native:
    case read_native_extended:
      put_last_address(command == read_native_extended);
      return true;
    case standby:
    case idle_later:
    case sleep_now:
      succeed();
      return true;
    default:
      return false;
  }
}

void AtaDisk::perform(std::uint8_t command) {
  if (!transfers(command) && !sets_up(command)) fail(aborted);
}

}  // namespace gdbvm::ide
