// A machine that was saved in a file, found whole and valid.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "vmm/host/fd.h"
#include "vmm/host/file_view.h"
#include "vmm/memory/guest_memory.h"
#include "vmm/snapshot/description.h"
#include "vmm/snapshot/file_format.h"

namespace gdbvm::snapshot {

class SavedMachine final {
 public:
  // A truncated file, a foreign one and one of another format are refused, in a sentence that names the path. Takes
  // about the same time whatever the RAM's size.
  static std::expected<SavedMachine, std::string> open(const std::string& path, const FileKind& kind = snapshot_file);

  const FileKind& kind() const { return *kind_; }
  const Description& description() const { return description_; }
  std::uint64_t memory_size() const { return header_.ram_size; }
  std::uint64_t display_size() const { return header_.display_size; }
  const std::vector<boot::Placement>& roms() const { return roms_; }  // outside RAM, whole pages, disjoint
  // For DeviceStates, of the CPUs and devices and of the disks; they live as long as this. What is in them is not
  // validated here.
  std::span<const std::byte> states() const { return states_; }
  std::span<const std::byte> disks() const { return disks_; }

  // What the file has after RAM, if it is one that goes on. Not validated either.
  std::span<const std::byte> rest() const { return view_.bytes().subspan(rest_); }

  // RAM of memory_size() bytes, and the display's memory of display_size() if there is any, read as those of the saved
  // machine. Throws as GuestMemory::map_file().
  void map_ram(GuestMemory& memory) const;

 private:
  SavedMachine(Fd file, const FileHeader& header, FileView view);
  void parse_body();
  void parse_roms(StateReader& from);

  Fd file_;
  FileHeader header_;
  FileView view_;  // of all before RAM; of a file that goes on, of all
  const FileKind* kind_ = &snapshot_file;
  std::size_t rest_ = 0;
  Description description_;
  std::vector<boot::Placement> roms_;
  std::span<const std::byte> states_, disks_;
};

}  // namespace gdbvm::snapshot
