// Made files live in memory and are served by their descriptor's path.
#include "vmm/debug/program/debug_files.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "vmm/debug/program/file_reader.h"
#include "vmm/debug/program/separate_symbols.h"
#include "vmm/host/read_file.h"
#include "vmm/host/setup_error.h"
#include "vmm/symbols/code_width.h"
#include "vmm/symbols/elf_program.h"
#include "vmm/symbols/symbol_file.h"

namespace gdbvm {

namespace {

constexpr std::uint64_t max_list = 256 << 20;  // bytes; Linux's is some 10 MB

std::string absolute(const std::string& path) { return std::filesystem::absolute(path).lexically_normal(); }

bool is_elf(const std::string& path) {
  std::array<char, 4> magic{};
  std::ifstream(path, std::ios::binary).read(magic.data(), magic.size());
  return std::string_view(magic.data(), magic.size()) == "\177ELF";
}

// GDB refuses a description whose width differs from its symbols'.
std::optional<boot::GuestArchitecture> architecture_for(const std::optional<gdbstub::ServedFile>& symbols,
                                                        boot::GuestArchitecture image) {
  const bool wide = image == boot::GuestArchitecture::X86_64;
  if (wide || (symbols && symbols::is_64_bit_elf(reader_of(symbols->host_path))))
    return boot::GuestArchitecture::X86_64;
  return symbols ? std::optional(image) : std::nullopt;
}

// A 32-bit ELF file with 64-bit code. gdb could use it for neither: its symbols have the width of the file.
bool is_container(const std::string& image) {
  const auto file = symbols::ElfFile::open(reader_of(image));
  return file && file->elf_class() == symbols::ElfClass::Elf32 && symbols::contains_64_bit_code(*file);
}
constexpr std::string_view container_remark =
    "the image is a 32-bit ELF file of 64-bit code: debuggers see 64-bit registers and get no symbols from it; give "
    "gdb the "
    "64-bit ELF file it was made of, or name that with --symbols";

// The list of a running kernel includes its slide.
void undo_slide(std::vector<symbols::Symbol>& symbols, Gva linked) {
  for (const symbols::Symbol& text : symbols) {
    if (text.name != "_text") continue;
    const std::uint64_t slide = text.address - linked.value;
    for (symbols::Symbol& symbol : symbols) {
      if (symbols::slides_with_kernel(symbol)) symbol.address -= slide;
    }
    return;
  }
}

}  // namespace

DebugFiles::DebugFiles(const std::string& image, const std::string& symbols, const boot::BootPlan& plan) {
  if (symbols.empty() && is_container(image)) {
    architecture_ = boot::GuestArchitecture::X86_64;
    remark_ = container_remark;
    return;
  }
  const std::string file = symbols.empty() ? find_separate_symbols(image).value_or(image) : symbols;
  if (is_elf(file)) {
    program_ = {absolute(file), absolute(file)};
    elf_ = file;
  } else if (!symbols.empty()) {
    program_ = from_list(file, plan);
  }
  architecture_ = architecture_for(program_, plan.architecture);
  if (!program_ || !plan.sliding_kernel) return;
  const auto first_segment = symbols::first_segment(reader_of(program_->host_path));
  if (!first_segment) throw SetupError(fmt::format("--symbols: {} is not a 64-bit ELF file with segments", file));
  sliding_kernel_ = {std::move(*program_), {*first_segment}};
  program_ = serve(absolute(image), symbols::make_empty_file(plan.general.rip));
}

DebugFiles::Places DebugFiles::module_places() const {
  return elf_.empty() ? module_places_ : symbols::find_symbols(reader_of(elf_), module_symbols);
}

symbols::CodeSymbols DebugFiles::code_symbols() const {
  const auto& file = sliding_kernel_ ? sliding_kernel_->file : program_;
  return file ? symbols::CodeSymbols::of(reader_of(file->host_path)) : symbols::CodeSymbols();
}

gdbstub::ServedFile DebugFiles::serve(std::string name, const std::vector<std::uint8_t>& bytes) {
  const int fd = ::memfd_create("gdbvm symbols", MFD_CLOEXEC);
  if (fd < 0) throw SetupError("cannot make a file in memory for the symbols");
  made_.emplace_back(fd);
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (n <= 0) throw SetupError("there is no memory for the symbols");
    done += static_cast<std::size_t>(n);
  }
  return {std::move(name), fmt::format("/proc/self/fd/{}", fd)};
}

gdbstub::ServedFile DebugFiles::from_list(const std::string& path, const boot::BootPlan& plan) {
  const auto refuse = [&](const std::string& why) { throw SetupError("--symbols: " + why); };
  const auto bytes = read_file(path, max_list, "a list of symbols may be");
  if (!bytes) refuse(bytes.error());
  auto list = symbols::parse_system_map({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  if (!list) refuse(fmt::format("{} is neither an ELF file nor a list of symbols: {}", path, list.error()));
  if (plan.sliding_kernel) undo_slide(*list, *plan.sliding_kernel);
  for (const symbols::Symbol& symbol : *list) {
    if (std::ranges::find(module_symbols, symbol.name) == module_symbols.end()) continue;
    const auto [place, is_new] = module_places_.emplace(symbol.name, symbol.address);
    if (!is_new && symbols::is_global(symbol)) place->second = symbol.address;
  }
  return serve(absolute(path), symbols::make_symbol_file(std::move(*list)));
}

}  // namespace gdbvm
