#include "vmm/snapshot/file_writer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "vmm/host/sparse_write.h"
#include "vmm/snapshot/disk_states.h"
#include "vmm/snapshot/file_format.h"

namespace gdbvm::snapshot {

namespace {

constexpr std::uint64_t piece_size = 4 << 20;

std::uint64_t whole_pages(std::uint64_t size) { return (size + page_size - 1) & ~(page_size - 1); }

void put_roms(StateWriter& to, const GuestMemory& memory) {
  to.put(static_cast<std::uint32_t>(memory.roms().size()));
  for (const auto& rom : memory.roms()) {
    std::vector<std::uint8_t> bytes(rom.size);
    memory.read_own(rom.start, bytes);
    to.put(rom.start.value);
    to.put_list(std::span<const std::uint8_t>(bytes));
  }
}

std::span<const std::uint8_t> raw(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

}  // namespace

FileWriter::FileWriter(int fd, std::string path, const GuestMemory& memory, const FileKind& kind)
    : fd_(fd), kind_(&kind), path_(std::move(path)), memory_(memory), used_(memory), buffer_(piece_size) {}

std::expected<FileWriter, std::string> FileWriter::beside(const std::string& path, const GuestMemory& memory) {
  auto file = NewFile::beside(path, is_own_snapshot);
  if (!file) return std::unexpected(file.error());
  FileWriter writer(file->fd(), path, memory, snapshot_file);
  writer.file_.emplace(std::move(*file));
  return writer;
}

FileWriter FileWriter::into(int fd, const std::string& path, const GuestMemory& memory, const FileKind& kind) {
  return {fd, path, memory, kind};
}

std::unexpected<std::string> FileWriter::failure() const {
  return std::unexpected(fmt::format("cannot write {}: {}", path_, std::strerror(errno)));
}

std::expected<void, std::string> FileWriter::write_contents(const Contents& contents) {
  StateWriter body;
  put(body, contents.description);
  put_roms(body, memory_);
  body.put_list(contents.states);
  body.put_list(contents.disks);
  FileHeader header{.magic = kind_->magic, .version = kind_->version};
  header.body_size = body.bytes().size();
  header.ram_offset = whole_pages(sizeof header + header.body_size);
  header.ram_size = memory_.size();
  header.display_size = memory_.display() ? memory_.display()->size : 0;
  header.checksum = checksum_of(header, body.bytes());
  const bool written =
      write_at(fd_, raw(std::as_bytes(std::span(&header, 1))), 0) && write_at(fd_, raw(body.bytes()), sizeof header) &&
      ::ftruncate(fd_, static_cast<off_t>(header.ram_offset + header.ram_size + header.display_size)) == 0;
  if (!written) return failure();
  offset_ = header.ram_offset;
  return {};
}

std::expected<void, std::string> FileWriter::write_machine(Machine& machine, Description description) {
  StateWriter states, disks;
  machine.chipset().states.save(states);
  disk_states(machine.chipset().disks).save(disks);
  description.time = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return write_contents({std::move(description), states.bytes(), disks.bytes()});
}

std::expected<bool, std::string> FileWriter::more(const std::function<bool()>& pause) {
  for (; region_ < memory_.writable().size(); ++region_, at_ = 0) {
    const auto& region = memory_.writable()[region_];
    while (at_ < region.size) {
      const std::uint64_t size = std::min(piece_size, region.size - at_);
      if (!write_used(region.start + at_, size)) return failure();
      at_ += size;
      if (pause()) return false;
    }
    offset_ += region.size;
  }
  if (!file_) return true;
  if (auto published = file_->publish(); !published) return std::unexpected(published.error());
  return true;
}

bool FileWriter::write_used(Gpa start, std::uint64_t size) {
  const Gpa region = memory_.writable()[region_].start;
  return std::ranges::all_of(used_.in(start, size), [&](const UsedPages::Run& run) {
    const auto bytes = std::span(buffer_).first(run.size);
    memory_.read_own(run.start, bytes);
    return write_sparsely(fd_, bytes, offset_ + (run.start - region), page_size);
  });
}

std::expected<void, std::string> write_file(const std::string& path, const GuestMemory& memory,
                                            const Contents& contents) {
  auto file = FileWriter::beside(path, memory);
  if (!file) return std::unexpected(file.error());
  if (auto begun = file->write_contents(contents); !begun) return begun;
  const auto done = file->more([] { return false; });
  if (!done) return std::unexpected(done.error());
  return {};
}

}  // namespace gdbvm::snapshot
