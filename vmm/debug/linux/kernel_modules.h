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
  // Link addresses in the kernel of what is needed, and the .ko files by the names that the kernel gives their modules.
  struct Source {
    Gva list;                          // modules
    Gva types, types_end;              // __start_BTF, __stop_BTF
    std::optional<Gva> library_point;  // do_init_module, called when a module is laid out and has not run yet
    std::map<std::string, std::string> files;
  };

  explicit KernelModules(Source source) : source_(std::move(source)) {}

  // The link address of what the kernel passes whenever it has loaded a module; nullopt: not known.
  std::optional<Gva> library_point() const { return source_.library_point; }
  Gva list_head(std::uint64_t slide) const { return source_.list + slide; }
  // Reads the guest's memory, which must not change meanwhile. `slide`: the kernel's, in bytes.
  void look(std::uint64_t slide, const ReadGuest& read);
  // The loaded modules that have a file. Modules that the last look could not read are as they were before. Reads
  // files.
  std::vector<gdbstub::Libraries::Library> list();
  // Why the last look learned nothing of the guest's modules, and which files list() could not use; empty: all is well.
  const std::string& trouble() const { return trouble_; }
  // The machine starts over.
  void forget() {
    loaded_.clear();
    layout_.reset();
  }

 private:
  bool learn_layout(std::uint64_t slide, const ReadGuest& read);
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
