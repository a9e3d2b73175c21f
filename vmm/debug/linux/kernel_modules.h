// The guest kernel's loaded modules as libraries for the debugger, each with its file on this host.
#pragma once

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gdbstub/target.h"
#include "vmm/debug/linux/loaded_modules.h"
#include "vmm/symbols/module_file.h"

namespace gdbvm {

class KernelModules final {
 public:
  // Where the kernel is linked to have what is needed, and the .ko files by the names that the kernel gives modules.
  struct Source {
    Gva list;                  // modules
    Gva types, types_end;      // __start_BTF, __stop_BTF
    std::optional<Gva> ready;  // do_init_module, called when a module is laid out and has not run yet
    std::map<std::string, std::string> files;
  };

  explicit KernelModules(Source source) : source_(std::move(source)) {}

  // Where the kernel is linked to pass whenever a module has been loaded.
  std::optional<Gva> loading_point() const { return source_.ready; }
  Gva list_head(std::uint64_t offset) const { return source_.list + offset; }
  // Reads the guest's memory, which is to hold still. `offset`: of the kernel from its link address.
  void look(std::uint64_t offset, const ReadGuest& read);
  // The loaded modules with a file. Those that could not be read at the last look are as they were before. Reads files.
  std::vector<gdbstub::Libraries::Library> list();
  // Why nothing could be told of the guest's modules at the last look, and which files were of no use to list(); empty:
  // all is well.
  const std::string& trouble() const { return trouble_; }
  // The machine starts over.
  void forget() {
    loaded_.clear();
    layout_.reset();
  }

 private:
  bool learn_layout(std::uint64_t offset, const ReadGuest& read);
  std::optional<gdbstub::Libraries::Library> library_of(const LoadedModule& module);
  using FileSections = std::expected<std::vector<symbols::ModuleSection>, std::string>;
  const FileSections& sections_in(const std::string& path);

  const Source source_;
  std::optional<std::expected<symbols::ModuleLayout, std::string>> layout_;  // once the BTF has been looked at
  std::map<std::string, FileSections> sections_;                             // by path
  std::vector<LoadedModule> loaded_;
  std::string trouble_;
};

}  // namespace gdbvm
