// The guest kernel's loaded modules as libraries for the debugger, each with its file on this host.
#pragma once

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gdbstub/target.h"
#include "vmm/debug/loaded_modules.h"
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

  // Where the kernel passes whenever a module has been loaded.
  std::optional<Gva> loading_point(std::uint64_t offset) const;
  // Those with a file. `offset`: of the kernel from its link address. What cannot be read now is as it was last.
  std::vector<gdbstub::Libraries::Library> list(std::uint64_t offset, const ReadGuest& read);
  // Why nothing could be told of the guest's modules at the last call; empty: it could.
  const std::string& trouble() const { return trouble_; }
  // The machine starts over.
  void forget() {
    known_.clear();
    layout_.reset();
  }

 private:
  bool learn_layout(std::uint64_t offset, const ReadGuest& read);
  std::optional<gdbstub::Libraries::Library> library_of(const LoadedModule& module);
  const std::vector<symbols::ModuleSection>& sections_in(const std::string& path);

  const Source source_;
  std::optional<std::expected<symbols::ModuleLayout, std::string>> layout_;  // once the BTF has been looked at
  std::map<std::string, std::vector<symbols::ModuleSection>> sections_;      // by path; empty: unusable
  std::vector<gdbstub::Libraries::Library> known_;
  std::string trouble_;
};

}  // namespace gdbvm
