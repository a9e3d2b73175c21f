// By elfutils' libdw.
#include "vmm/symbols/source_lines.h"

#include <algorithm>
#include <map>
#include <memory>

#include <dwarf.h>
#include <elfutils/libdw.h>

namespace gdbvm::symbols {

namespace {

struct EndElf {
  void operator()(Elf* elf) const { elf_end(elf); }
};
struct EndDwarf {
  void operator()(Dwarf* dwarf) const { dwarf_end(dwarf); }
};

class Reader final {
 public:
  void read(Dwarf* dwarf) {
    Dwarf_CU* unit = nullptr;
    Dwarf_Die die;
    while (dwarf_get_units(dwarf, unit, &unit, nullptr, nullptr, &die, nullptr) == 0) {
      if (dwarf_tag(&die) != DW_TAG_compile_unit) continue;
      read_rows(die);
      dwarf_getfuncs(&die, &Reader::read_function, this, 0);
    }
  }
  SourceLines finish() {
    std::ranges::sort(lines_.rows);
    const auto same = std::ranges::unique(lines_.rows);
    lines_.rows.erase(same.begin(), same.end());
    return std::move(lines_);
  }

 private:
  // A row that only goes on with the line before, at another address, is where it begins all the same: a jump may lead
  // there.
  void read_rows(Dwarf_Die& unit) {
    Dwarf_Lines* rows = nullptr;
    std::size_t count = 0;
    if (dwarf_getsrclines(&unit, &rows, &count) != 0) return;
    for (std::size_t i = 0; i < count; ++i) read_row(dwarf_onesrcline(rows, i));
  }

  void read_row(Dwarf_Line* row) {
    Dwarf_Addr address = 0;
    int line = 0;
    bool statement = false, end = false;
    if (dwarf_lineaddr(row, &address) != 0 || dwarf_lineno(row, &line) != 0) return;
    if (dwarf_linebeginstatement(row, &statement) != 0 || dwarf_lineendsequence(row, &end) != 0) return;
    const char* const file = dwarf_linesrc(row, nullptr, nullptr);
    // What the linker has thrown away is at 0. Line 0 is not a line: it is the compiler's own code.
    if (!statement || end || line <= 0 || !file || address == 0) return;
    lines_.rows.push_back({address, number_of(file), static_cast<std::uint32_t>(line)});
  }

  static int read_function(Dwarf_Die* die, void* reader) {
    static_cast<Reader*>(reader)->read_function(*die);
    return DWARF_CB_OK;
  }

  void read_function(Dwarf_Die& die) {
    Dwarf_Addr start = 0, end = 0;
    int line = 0;
    const char* const name = dwarf_diename(&die);
    const char* const file = dwarf_decl_file(&die);
    if (!name || !file || dwarf_decl_line(&die, &line) != 0 || line <= 0) return;
    if (dwarf_lowpc(&die, &start) != 0 || dwarf_highpc(&die, &end) != 0 || start == 0 || end <= start) return;
    lines_.functions.push_back({name, number_of(file), static_cast<std::uint32_t>(line), start, end});
  }

  std::uint32_t number_of(const char* file) {
    if (file == last_file_) return last_number_;  // libdw has one copy of each
    const auto [known, is_new] = numbers_.try_emplace(file, static_cast<std::uint32_t>(lines_.files.size()));
    if (is_new) lines_.files.emplace_back(file);
    last_file_ = file;
    return last_number_ = known->second;
  }

  SourceLines lines_;
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
  const char* last_file_ = nullptr;
  std::uint32_t last_number_ = 0;
};

}  // namespace

std::expected<SourceLines, std::string> read_source_lines(int fd) {
  elf_version(EV_CURRENT);
  const std::unique_ptr<Elf, EndElf> elf(elf_begin(fd, ELF_C_READ_MMAP, nullptr));
  if (!elf || elf_kind(elf.get()) != ELF_K_ELF) return std::unexpected("is not an ELF file");
  const std::unique_ptr<Dwarf, EndDwarf> dwarf(dwarf_begin_elf(elf.get(), DWARF_C_READ, nullptr));
  if (!dwarf) return SourceLines();
  Reader reader;
  reader.read(dwarf.get());
  return reader.finish();
}

}  // namespace gdbvm::symbols
