// A snapshot written to a file.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vmm/host/new_file.h"
#include "vmm/machine/machine.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/memory/used_pages.h"
#include "vmm/snapshot/description.h"
#include "vmm/snapshot/file_format.h"

namespace gdbvm::snapshot {

// All of a machine but its memory.
struct Contents {
  Description description;
  std::span<const std::byte> states;  // of CPUs and devices, by DeviceStates
  std::span<const std::byte> disks;   // likewise
};

// It is written in pieces, between which the machine stays as it is. What was at its path stays until it is whole, only
// a snapshot that gdbvm has written is replaced, and nothing is left of one that is not finished (see NewFile). The
// bytes are the guest's own, without what a debugger has planted. Errors are sentences that name the path.
class FileWriter final {
 public:
  // `memory` outlives this.
  static std::expected<FileWriter, std::string> beside(const std::string& path, const GuestMemory& memory);

  // To a new file that is open, under that name, and stays when it is not finished.
  static FileWriter into(int fd, const std::string& path, const GuestMemory& memory, const FileKind& kind);

  // Everything before RAM; once, before more().
  std::expected<void, std::string> write_contents(const Contents& contents);
  // Likewise, as the machine stands now. Throws StateError if that cannot be saved.
  std::expected<void, std::string> write_machine(Machine& machine, Description description);
  // RAM, until `pause`, which is asked after each few MiB. true: the file is at its path.
  std::expected<bool, std::string> more(const std::function<bool()>& pause);

 private:
  FileWriter(int fd, std::string path, const GuestMemory& memory, const FileKind& kind);
  std::unexpected<std::string> failure() const;
  bool write_used(Gpa start, std::uint64_t size);

  std::optional<NewFile> file_;  // to be published
  int fd_;
  const FileKind* kind_;
  std::string path_;
  const GuestMemory& memory_;
  UsedPages used_;
  std::size_t region_ = 0;
  std::uint64_t at_ = 0;      // in the region
  std::uint64_t offset_ = 0;  // in the file, of the region
  std::vector<std::uint8_t> buffer_;
};

// All of it at once.
std::expected<void, std::string> write_file(const std::string& path, const GuestMemory& memory,
                                            const Contents& contents);

}  // namespace gdbvm::snapshot
