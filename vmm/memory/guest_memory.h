// Guest RAM: private host memory, laid out around the hole below 4 GiB; a display's memory in that hole; and ROM.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "vmm/host/fd.h"
#include "vmm/memory/address.h"
#include "vmm/memory/planted_bytes.h"

namespace gdbvm {

class PageSet;

// RAM begins at 0; what does not fit below `ram_hole_start` continues at 4 GiB.
inline constexpr Gpa ram_hole_start{0xc0000000};
inline constexpr Gpa ram_hole_end{0x100000000};

class GuestMemory final {
 public:
  struct Region {
    Gpa start;
    std::uint64_t size;
    std::byte* host;
    bool contains(Gpa address) const { return address >= start && address - start < size; }
  };

  struct Range {
    Gpa start;
    std::uint64_t size;
  };

  // `size` in bytes, a positive multiple of the page size. mmap(MAP_NORESERVE) + madvise(MADV_MERGEABLE): pages cost
  // nothing until touched. Throws std::system_error naming the call that failed.
  // `observe` is told each call, for the trace; it lives as long as this. `display`: whole pages outside RAM that the
  // guest writes as it does RAM, and that firmware does not report as such.
  explicit GuestMemory(std::uint64_t size, const std::function<void(std::string_view call)>& observe = {},
                       std::optional<Range> display = {});
  ~GuestMemory();
  GuestMemory(const GuestMemory&) = delete;
  GuestMemory& operator=(const GuestMemory&) = delete;

  std::uint64_t size() const { return size_; }  // of the RAM
  std::span<const Region> regions() const { return writable().first(writable_.size() - (display_size_ > 0)); }
  // RAM and then the display's memory, each after the other in the host's memory too.
  std::span<const Region> writable() const { return writable_; }
  // nullptr: there is none.
  const Region* display() const { return display_size_ > 0 ? &writable_.back() : nullptr; }

  // The host's view of [start, start + length), or nullptr unless all of it lies in one region. length 0 is 1.
  std::byte* at(Gpa start, std::uint64_t length) const;
  // Adds a ROM outside RAM: whole pages, zero at first. The guest has it read-only, if its slot is made so; whoever
  // writes here, as boot code and debuggers do, changes it. Throws as the constructor does.
  void add_rom(Gpa start, std::uint64_t size);
  std::span<const Region> roms() const { return roms_; }
  bool is_rom(Gpa address) const;
  // The same as at(), but of what a device may write: RAM, and not ROM.
  std::byte* writable_at(Gpa start, std::uint64_t length) const { return is_rom(start) ? nullptr : at(start, length); }

  // Copies as much as is there from the start of the range on, and returns how much.
  std::size_t read(Gpa start, std::span<std::uint8_t> out) const;
  // The same, as devices read: the guest's own bytes, also where a debugger has put others for the while.
  std::size_t read_own(Gpa start, std::span<std::uint8_t> out) const;
  // A whole page of RAM becomes this one, beneath what a debugger has put there. Not noted as written.
  void replace_page(std::uint64_t number, std::span<const std::byte, page_size> own);
  // Who has put bytes there; nullptr: nobody.
  void set_planted(PlantedBytes* planted) { planted_ = planted; }

  // The pages of RAM have numbers, in the order of their addresses and without the hole; those of the display's memory
  // come after them.
  std::uint64_t pages() const { return mapped_size() / page_size; }
  std::uint64_t number_of(Gpa address) const;  // of an address in writable()
  Gpa address_of(std::uint64_t number) const;
  std::byte* page(std::uint64_t number) const { return host_ + number * page_size; }

  // While wanted, which pages of RAM are written is noted: by write() and by what replaces all of it; whoever writes
  // through at() says so; the guest's writes are added by SlotTable.
  void note_writes(bool wanted);
  // nullptr: not noted. The reader empties it, while no vCPU is in a turn.
  PageSet* written() { return written_.get(); }
  // From any thread.
  void note_written(Gpa start, std::uint64_t size) {
    if (written_ && size > 0) note_pages(start, size);
  }

  // All or nothing; false when any byte of the range is neither RAM nor ROM.
  bool write(Gpa start, std::span<const std::uint8_t> bytes);
  // RAM reads as a file from `offset` on, as does the display's memory, all regions after each other. The pages are the
  // file's until they are written: this takes no time whatever the size, and many may have the same file. The file
  // never changes by it, and must not while it is mapped. It is open for reading, `offset` is a multiple of the page
  // size, and it goes on for as many bytes as writable() has. Throws as the constructor does.
  void map_file(Fd file, std::uint64_t offset);
  // All of it reads zero again, and its pages go back to the host. The file is not needed any more.
  void clear();
  // As before the first write: the file's again, if one is mapped, else as clear().
  void start_over();

  // What RAM that was never written is read from.
  struct Backing {
    int fd;                // -1: zeros
    std::uint64_t offset;  // in the file, of the first byte of RAM
  };
  Backing backing() const { return {file_.get(), file_offset_}; }

 private:
  const Region* region_of(Gpa address) const;
  std::uint64_t mapped_size() const { return size_ + display_size_; }
  void map();
  void give_pages_back();
  void note_pages(Gpa start, std::uint64_t size);

  std::byte* host_ = nullptr;
  std::uint64_t size_ = 0, display_size_ = 0;
  Fd file_;
  std::uint64_t file_offset_ = 0;
  const std::function<void(std::string_view call)> observe_;
  std::vector<Region> writable_;
  std::vector<Region> roms_;
  PlantedBytes* planted_ = nullptr;
  std::unique_ptr<PageSet> written_;
};

}  // namespace gdbvm
