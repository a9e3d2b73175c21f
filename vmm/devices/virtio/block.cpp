#include "vmm/devices/virtio/block.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "vmm/devices/virtio/queue.h"

namespace gdbvm::virtio {

namespace {

struct Header {  // 5.2.6
  std::uint32_t type;
  std::uint32_t reserved;
  std::uint64_t sector;
};

constexpr std::uint64_t segment_size = 1u << 1, max_segments = 1u << 2, read_only_disk = 1u << 5, block_size = 1u << 6,
                        can_flush = 1u << 9;
enum Type : std::uint32_t { read_sectors = 0, write_sectors = 1, flush_cache = 4, get_serial = 8 };
constexpr std::size_t capacity_at = 0, segment_size_at = 8, segments_at = 12, block_size_at = 20;

// A chain holds a header and a status beside the data.
constexpr std::uint32_t segments = Queue::max_size - 2, bytes_of_segment = Queue::max_bytes / Queue::max_size;

std::uint64_t size_of(const std::vector<std::span<std::uint8_t>>& pieces) {
  return std::accumulate(pieces.begin(), pieces.end(), std::uint64_t{0},
                         [](std::uint64_t sum, std::span<std::uint8_t> piece) { return sum + piece.size(); });
}

// The last byte, which the pieces lose; nullptr when there is none.
std::uint8_t* take_last(std::vector<std::span<std::uint8_t>>& pieces) {
  if (pieces.empty()) return nullptr;
  auto& piece = pieces.back();
  std::uint8_t* last = &piece.back();
  piece = piece.first(piece.size() - 1);
  return last;
}

// Are these whole sectors of the disk?
bool fits(const VersionedDisk& disk, std::uint64_t sector, std::uint64_t size) {
  return size % DiskImage::sector_size == 0 && sector <= disk.sectors() &&
         size / DiskImage::sector_size <= disk.sectors() - sector;
}

}  // namespace

Block::Block(const std::string& path, DiskMode mode) : disk_(path, mode) {
  const std::size_t length = std::min(path.size(), serial_.size());
  std::copy(path.end() - static_cast<std::ptrdiff_t>(length), path.end(), serial_.begin());
  const std::uint64_t capacity = disk_.sectors();
  const std::uint32_t sector_size = DiskImage::sector_size;
  std::memcpy(&configuration_[capacity_at], &capacity, sizeof capacity);
  std::memcpy(&configuration_[segment_size_at], &bytes_of_segment, sizeof bytes_of_segment);
  std::memcpy(&configuration_[segments_at], &segments, sizeof segments);
  std::memcpy(&configuration_[block_size_at], &sector_size, sizeof sector_size);
}

std::uint64_t Block::features() const {
  return segment_size | max_segments | block_size | can_flush | (disk_.read_only() ? read_only_disk : 0);
}

std::uint32_t Block::serve(Request& request) {
  std::uint8_t* status = take_last(request.writable);
  if (!status) return 0;
  const auto size = static_cast<std::uint32_t>(size_of(request.writable));
  const Result result = perform(request);
  *status = static_cast<std::uint8_t>(result.status);
  // The status follows the data, and counts as written only if they are.
  return result.filled || size == 0 ? size + 1 : 0;
}

Block::Result Block::perform(const Request& request) {
  Header header;
  if (request.readable.size() < sizeof header) return {Status::IoError};
  std::memcpy(&header, request.readable.data(), sizeof header);
  switch (header.type) {
    case read_sectors:
      return read(header.sector, request.writable);
    case write_sectors:
      return write(header.sector, std::span(request.readable).subspan(sizeof header));
    case flush_cache:
      return {disk_.flush() ? Status::Ok : Status::IoError};
    case get_serial:
      return identify(request.writable);
    default:
      return {Status::Unsupported};
  }
}

Block::Result Block::read(std::uint64_t sector, const Pieces& to) const {
  if (!fits(disk_, sector, size_of(to))) return {Status::IoError};
  std::uint64_t offset = sector * DiskImage::sector_size;
  for (const auto piece : to) {
    if (!disk_.read(offset, piece)) return {Status::IoError};
    offset += piece.size();
  }
  return {Status::Ok, true};
}

Block::Result Block::write(std::uint64_t sector, std::span<const std::uint8_t> bytes) {
  const bool done = fits(disk_, sector, bytes.size()) && disk_.write(sector * DiskImage::sector_size, bytes);
  return {done ? Status::Ok : Status::IoError};
}

Block::Result Block::identify(const Pieces& to) const {
  std::span<const std::uint8_t> left = serial_;
  for (const auto piece : to) {
    const std::size_t count = std::min(piece.size(), left.size());
    std::ranges::copy(left.first(count), piece.begin());
    std::ranges::fill(piece.subspan(count), std::uint8_t{0});
    left = left.subspan(count);
  }
  return {left.empty() ? Status::Ok : Status::IoError, left.empty()};
}

}  // namespace gdbvm::virtio
