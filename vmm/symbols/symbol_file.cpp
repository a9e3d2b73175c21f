// Lays out an ELF file (System V ABI, chapter 4): header, symbols, their names, the sections' names, section headers.
#include "vmm/symbols/symbol_file.h"

#include <elf.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <tuple>

namespace gdbvm::symbols {

namespace {

constexpr std::size_t max_sections = 1000;  // symbols after that belong to the last of them

bool is_code(const Symbol& symbol) {
  return symbol.kind == 'T' || symbol.kind == 't' || symbol.kind == 'W' || symbol.kind == 'w';
}

struct Section {
  std::uint64_t start, size;
  bool code;
};

std::uint64_t end_of(std::uint64_t last) {
  constexpr std::uint64_t page = 4096;
  return last > std::numeric_limits<std::uint64_t>::max() - page ? std::numeric_limits<std::uint64_t>::max()
                                                                 : last + page;
}

// `symbols` by address, those that move only. Labels at one address belong to the section that begins there.
std::vector<Section> sections_of(std::span<const Symbol> symbols) {
  std::vector<Section> sections;
  for (const Symbol& symbol : symbols) {
    const bool begins = sections.empty() || (is_code(symbol) != sections.back().code &&
                                             symbol.address != sections.back().start && sections.size() < max_sections);
    if (!begins) continue;
    if (!sections.empty()) sections.back().size = symbol.address - sections.back().start;
    sections.push_back({symbol.address, 0, is_code(symbol)});
  }
  if (!sections.empty()) sections.back().size = end_of(symbols.back().address) - sections.back().start;
  return sections;
}

class Writer final {
 public:
  template <class T>
  std::size_t put(const T* values, std::size_t count) {
    const std::size_t at = (bytes_.size() + 7) & ~std::size_t{7};
    bytes_.resize(at + count * sizeof(T));
    if (count > 0) std::memcpy(bytes_.data() + at, values, count * sizeof(T));
    return at;
  }
  std::vector<std::uint8_t>& bytes() { return bytes_; }

 private:
  std::vector<std::uint8_t> bytes_;
};

Elf64_Ehdr header(std::uint64_t entry) {
  Elf64_Ehdr h{};
  std::memcpy(h.e_ident, ELFMAG, SELFMAG);
  h.e_ident[EI_CLASS] = ELFCLASS64;
  h.e_ident[EI_DATA] = ELFDATA2LSB;
  h.e_ident[EI_VERSION] = EV_CURRENT;
  h.e_type = ET_EXEC;
  h.e_machine = EM_X86_64;
  h.e_version = EV_CURRENT;
  h.e_entry = entry;
  h.e_ehsize = sizeof h;
  h.e_shentsize = sizeof(Elf64_Shdr);
  return h;
}

// Names, each with the NUL that ends it.
class Names final {
 public:
  std::uint32_t add(std::string_view name) {
    const auto at = static_cast<std::uint32_t>(text_.size());
    text_.append(name).push_back('\0');
    return at;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_{'\0'};
};

// What the symbol table says of a symbol, without its name.
Elf64_Sym entry_of(const Symbol& symbol, std::size_t section, std::uint64_t size) {
  Elf64_Sym entry{};
  entry.st_value = symbol.address;
  entry.st_size = size;
  const unsigned type = section == SHN_ABS ? STT_NOTYPE : is_code(symbol) ? STT_FUNC : STT_OBJECT;
  entry.st_info = static_cast<unsigned char>(ELF64_ST_INFO(is_global(symbol) ? STB_GLOBAL : STB_LOCAL, type));
  entry.st_shndx = static_cast<std::uint16_t>(section);
  return entry;
}

// Of all symbols: those that move, by address, and then the others. A symbol ends where the next one begins.
std::vector<Elf64_Sym> entries_of(const std::vector<Symbol>& symbols, std::size_t moving,
                                  const std::vector<Section>& sections) {
  std::vector<Elf64_Sym> entries;
  std::size_t section = 0;
  for (std::size_t i = 0, next = 0; i < symbols.size(); ++i) {
    if (i >= moving) {
      entries.push_back(entry_of(symbols[i], SHN_ABS, 0));
      continue;
    }
    const std::uint64_t address = symbols[i].address;
    while (section + 1 < sections.size() && address >= sections[section + 1].start) ++section;
    while (next < moving && symbols[next].address <= address) ++next;
    const std::uint64_t section_end = sections[section].start + sections[section].size;
    const std::uint64_t end = next < moving ? std::min(symbols[next].address, section_end) : section_end;
    entries.push_back(entry_of(symbols[i], section + 1, end - address));
  }
  return entries;
}

// The table in the order that ELF requires: an empty entry, local symbols, global ones.
struct Table {
  std::vector<Elf64_Sym> entries{1};
  Names names;
  std::uint32_t locals = 1;

  Table(const std::vector<Symbol>& symbols, const std::vector<Elf64_Sym>& unnamed) {
    for (const bool global : {false, true}) {
      for (std::size_t i = 0; i < symbols.size(); ++i) {
        if (is_global(symbols[i]) != global) continue;
        entries.push_back(unnamed[i]);
        entries.back().st_name = names.add(symbols[i].name);
      }
      if (!global) locals = static_cast<std::uint32_t>(entries.size());
    }
  }
};

// .text, .data, and with a number those that come after the first of each.
std::vector<Elf64_Shdr> section_headers(const std::vector<Section>& sections, Names& names) {
  std::vector<Elf64_Shdr> headers(1);
  std::array<int, 2> count{};
  for (const Section& section : sections) {
    const int number = count[section.code]++;
    const std::string name = section.code ? ".text" : ".data";
    Elf64_Shdr h{};
    h.sh_name = names.add(number == 0 ? name : name + std::to_string(number));
    h.sh_type = SHT_NOBITS;
    h.sh_flags = SHF_ALLOC | (section.code ? SHF_EXECINSTR : SHF_WRITE);
    h.sh_addr = section.start;
    h.sh_size = section.size;
    h.sh_addralign = 1;
    headers.push_back(h);
  }
  return headers;
}

// Debuggers move a file's sections along with the segment they lie in.
Elf64_Phdr segment_of(const std::vector<Section>& sections) {
  Elf64_Phdr h{};
  h.p_type = PT_LOAD;
  h.p_flags = PF_R | PF_W | PF_X;
  if (sections.empty()) return h;
  h.p_vaddr = h.p_paddr = sections.front().start;
  h.p_memsz = sections.back().start + sections.back().size - h.p_vaddr;
  return h;
}

template <class Contents>
Elf64_Shdr put_section(Writer& writer, std::uint32_t name, Elf64_Word type, const Contents& contents) {
  Elf64_Shdr h{};
  h.sh_name = name;
  h.sh_type = type;
  h.sh_offset = writer.put(contents.data(), contents.size());
  h.sh_size = contents.size() * sizeof(contents[0]);
  h.sh_addralign = 8;
  return h;
}

}  // namespace

std::vector<std::uint8_t> make_symbol_file(std::vector<Symbol> symbols) {
  std::ranges::sort(symbols, {}, [](const Symbol& symbol) {
    return std::tuple(!slides_with_kernel(symbol), symbol.address, symbol.name);
  });
  const auto others = std::ranges::partition_point(symbols, slides_with_kernel);
  const auto moving = static_cast<std::size_t>(others - symbols.begin());
  const std::vector<Section> sections = sections_of(std::span(symbols).first(moving));
  const Table table(symbols, entries_of(symbols, moving, sections));

  Writer writer;
  Elf64_Ehdr elf = header(0);
  writer.put(&elf, 1);
  const Elf64_Phdr segment = segment_of(sections);
  elf.e_phoff = writer.put(&segment, 1);
  elf.e_phentsize = sizeof segment;
  elf.e_phnum = 1;
  Names names;
  const std::uint32_t symtab = names.add(".symtab"), strtab = names.add(".strtab"), shstrtab = names.add(".shstrtab");
  std::vector<Elf64_Shdr> headers = section_headers(sections, names);
  Elf64_Shdr table_header = put_section(writer, symtab, SHT_SYMTAB, table.entries);
  table_header.sh_entsize = sizeof(Elf64_Sym);
  table_header.sh_info = table.locals;
  table_header.sh_link = static_cast<Elf64_Word>(headers.size() + 1);
  headers.push_back(table_header);
  headers.push_back(put_section(writer, strtab, SHT_STRTAB, table.names.text()));
  headers.push_back(put_section(writer, shstrtab, SHT_STRTAB, names.text()));

  elf.e_shoff = writer.put(headers.data(), headers.size());
  elf.e_shnum = static_cast<Elf64_Half>(headers.size());
  elf.e_shstrndx = static_cast<Elf64_Half>(headers.size() - 1);
  std::memcpy(writer.bytes().data(), &elf, sizeof elf);
  return std::move(writer.bytes());
}

std::vector<std::uint8_t> make_empty_file(std::uint64_t entry) {
  const Elf64_Ehdr elf = header(entry);
  const auto* first = reinterpret_cast<const std::uint8_t*>(&elf);
  return {first, first + sizeof elf};
}

}  // namespace gdbvm::symbols
