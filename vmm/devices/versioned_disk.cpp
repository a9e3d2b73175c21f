#include "vmm/devices/versioned_disk.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace gdbvm {

namespace {

std::uint64_t blocks_of(const DiskImage& image) {
  return (image.sectors() * DiskImage::sector_size + disk_block_size - 1) / disk_block_size;
}

// Calls `each` with a block's number, an offset in it and the piece of `bytes` that is there, until it returns false.
template <class Byte, class Each>
bool each_block(std::uint64_t offset, std::span<Byte> bytes, Each each) {
  while (!bytes.empty()) {
    const std::uint64_t within = offset % disk_block_size;
    const auto piece = bytes.first(std::min<std::uint64_t>(bytes.size(), disk_block_size - within));
    if (!each(offset / disk_block_size, within, piece)) return false;
    offset += piece.size();
    bytes = bytes.subspan(piece.size());
  }
  return true;
}

}  // namespace

VersionedDisk::VersionedDisk(const std::string& path, DiskMode mode)
    : image_(path, mode != DiskMode::ReadWrite), mode_(mode), opened_(image_.stamp()), written_(blocks_of(image_)) {
  if (mode != DiskMode::ReadWrite) base_ = std::make_shared<BlockMap>(blocks_of(image_));
}

bool VersionedDisk::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
  if (mode_ == DiskMode::ReadWrite || written_.empty()) return image_.read(offset, out);
  return each_block(offset, out, [this](std::uint64_t number, std::uint64_t within, std::span<std::uint8_t> piece) {
    const DiskBlock* block = written_.find(number);
    if (!block) return image_.read(number * disk_block_size + within, piece);
    std::copy_n(block->begin() + static_cast<std::ptrdiff_t>(within), piece.size(), piece.begin());
    return true;
  });
}

bool VersionedDisk::write(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  if (mode_ == DiskMode::ReadOnly) return false;
  if (mode_ == DiskMode::Snapshot) return write_in_memory(offset, bytes);
  if (base_.use_count() == 1) {  // nobody can ask for what it was
    base_.reset();
    written_.clear();
  }
  if (!base_) return image_.write(offset, bytes);
  if (!keep_base(offset, bytes)) return false;
  const bool done = image_.write(offset, bytes);
  return keep_present(offset, bytes) && done;
}

bool VersionedDisk::flush() { return mode_ != DiskMode::ReadWrite || image_.flush(); }

// The last block may reach beyond the disk's end.
std::uint64_t VersionedDisk::size_of(std::uint64_t number) const {
  return std::min(sectors() * DiskImage::sector_size - number * disk_block_size, disk_block_size);
}

std::shared_ptr<DiskBlock> VersionedDisk::block_in_file(std::uint64_t number) const {
  auto block = std::make_shared<DiskBlock>();
  const auto bytes = std::span(*block).first(size_of(number));
  return image_.read(number * disk_block_size, bytes) ? block : nullptr;
}

bool VersionedDisk::write_in_memory(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  const auto write = [this](std::uint64_t number, std::uint64_t within, std::span<const std::uint8_t> piece) {
    const DiskBlock* before = written_.find(number);
    auto block = before ? std::make_shared<DiskBlock>(*before) : block_in_file(number);
    if (!block) return false;
    std::ranges::copy(piece, block->begin() + static_cast<std::ptrdiff_t>(within));
    written_.set(number, std::move(block));
    return true;
  };
  return each_block(offset, bytes, write);
}

bool VersionedDisk::keep_base(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  return each_block(offset, bytes, [this](std::uint64_t number, auto...) {
    if (base_->find(number)) return true;
    auto before = block_in_file(number);
    if (before) base_->set(number, before);
    return before != nullptr;
  });
}

// Read back, since a write that failed has left something too.
bool VersionedDisk::keep_present(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  return each_block(offset, bytes, [this](std::uint64_t number, auto...) {
    const auto now = block_in_file(number);
    if (now) written_.set(number, now);
    return now != nullptr;
  });
}

DiskContents VersionedDisk::contents() {
  if (!base_) base_ = std::make_shared<BlockMap>(blocks_of(image_));
  return {written_, base_};
}

void VersionedDisk::set_contents(const DiskContents& contents) {
  if (contents.base != base_) throw StateError("these are the contents of another disk");
  if (mode_ == DiskMode::ReadWrite) write_back(contents.written);
  written_ = contents.written;
}

void VersionedDisk::write_back(const BlockMap& written) {
  const auto write = [this](std::uint64_t number, const DiskBlock* block) {
    if (!block) block = base_->find(number);
    return image_.write(number * disk_block_size, std::span(*block).first(size_of(number)));
  };
  std::vector<std::pair<std::uint64_t, const DiskBlock*>> before;
  bool done = true;
  written_.differences(written, [&](std::uint64_t number, const DiskBlock* here, const DiskBlock* there) {
    if (!done) return;
    before.emplace_back(number, here);
    done = write(number, there);
  });
  if (done) return;
  for (const auto& [number, block] : before) (void)write(number, block);
  throw StateError("the disk's file cannot be written");
}

void VersionedDisk::save(StateWriter& to) const {
  const bool in_file = mode_ == DiskMode::ReadWrite;
  const BlockMap none(blocks_of(image_));
  to.put(in_file ? image_.stamp() : opened_);
  std::uint64_t count = 0;
  const BlockMap& written = in_file ? none : written_;
  written.differences(none, [&](auto...) { ++count; });
  to.put(count);
  written.differences(none, [&](std::uint64_t number, const DiskBlock* block, const DiskBlock*) {
    to.put(number);
    to.put(*block);
  });
}

void VersionedDisk::restore(StateReader& from) {
  const auto stamp = from.get<DiskImage::Stamp>();
  const auto count = from.get<std::uint64_t>();
  BlockMap written(blocks_of(image_));
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto number = from.get<std::uint64_t>();
    if (number >= blocks_of(image_)) throw StateError("a block beyond the disk's end");
    written.set(number, std::make_shared<DiskBlock>(from.get<DiskBlock>()));
  }
  if (mode_ == DiskMode::ReadWrite) throw StateError("open the disk as FILE,snapshot: the file is to stay as it is");
  if (stamp != opened_) throw StateError("the disk's file has been changed since then");
  written_ = written;
}

}  // namespace gdbvm
