// The files that a debugger without any of its own reads symbols from.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gdbstub/target.h"
#include "vmm/boot/boot_plan.h"
#include "vmm/host/fd.h"
#include "vmm/symbols/code_symbols.h"

namespace gdbvm {

// An ELF file is served as it is. A list of symbols (System.map, a copy of /proc/kallsyms) is made into one, which
// lives in memory only; the slide of a list that was taken from a running kernel is subtracted.
class DebugFiles final {
 public:
  // `symbols`: what --symbols says; empty: the image, if it is an ELF file, or the file beside it that has its symbols.
  // Throws SetupError.
  DebugFiles(const std::string& image, const std::string& symbols, const boot::BootPlan& plan);

  const std::optional<gdbstub::ServedFile>& program() const { return program_; }
  // The architecture of the symbols that the debugger gets; nullopt: it gets none, and any description will do.
  std::optional<boot::GuestArchitecture> architecture() const { return architecture_; }
  // What the user should know of the files; empty: nothing.
  std::string_view remark() const { return remark_; }
  // Set if the kernel may slide: then its symbols are here, and the program has none.
  const std::optional<gdbstub::Libraries::Library>& sliding_kernel() const { return sliding_kernel_; }
  // The link addresses of the module_symbols that the kernel has; they lead to its modules. Reads an ELF file's whole
  // symbol table.
  using Places = std::map<std::string, std::uint64_t, std::less<>>;
  static constexpr std::array module_symbols{"modules", "__start_BTF", "__stop_BTF", "do_init_module"};
  Places module_places() const;
  // The ELF file with the symbols, as the user has it; empty: there is none.
  const std::string& elf() const { return elf_; }
  // Of the file with the symbols, at their link addresses.
  symbols::CodeSymbols code_symbols() const;

 private:
  gdbstub::ServedFile serve(std::string name, const std::vector<std::uint8_t>& bytes);
  gdbstub::ServedFile from_list(const std::string& path, const boot::BootPlan& plan);

  std::vector<Fd> made_;
  std::string elf_;       // the file with the symbols; empty: none
  Places module_places_;  // of a list
  std::optional<gdbstub::ServedFile> program_;
  std::optional<boot::GuestArchitecture> architecture_;
  std::optional<gdbstub::Libraries::Library> sliding_kernel_;
  std::string_view remark_;
};

}  // namespace gdbvm
