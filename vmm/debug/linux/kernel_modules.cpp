// The guest kernel's loaded modules as libraries for the debugger.
#include "vmm/debug/linux/kernel_modules.h"

#include <algorithm>

#include "vmm/host/read_file.h"

namespace gdbvm {

using Library = gdbstub::Libraries::Library;

namespace {

constexpr std::uint64_t most_types = 64 << 20, largest_file = 256 << 20;  // bytes; Linux's BTF is some 5 MiB

// What a file has and the kernel does not keep (.modinfo, the template of per-CPU data) is put behind the module, where
// nothing of it is.
Gva behind_all(const std::vector<symbols::ModuleSection>& sections, const std::map<std::string, Gva>& loaded) {
  Gva end{};
  for (const auto& [name, size] : sections) {
    if (const auto place = loaded.find(name); place != loaded.end()) end = std::max(end, place->second + size);
  }
  return (end + (page_size - 1)).page();
}

}  // namespace

// What begins as BTF does is looked at once, as that takes a while; what does not may be memory from before the kernel.
bool KernelModules::learn_layout(std::uint64_t offset, const ReadGuest& read) {
  if (!layout_) {
    const std::uint64_t size = source_.types_end - source_.types;
    std::uint16_t begins_with = 0;
    const bool begins =
        read(source_.types + offset, {reinterpret_cast<std::uint8_t*>(&begins_with), sizeof begins_with}) &&
        begins_with == symbols::Btf::magic;
    std::vector<std::uint8_t> bytes(begins && size <= most_types ? size : 0);
    if (!begins || !read(source_.types + offset, bytes)) {
      trouble_ = "the kernel's BTF cannot be read yet";
      return false;
    }
    const auto btf = symbols::Btf::parse(std::move(bytes));
    layout_ = btf ? symbols::module_layout(*btf) : std::unexpected(btf.error());
  }
  if (!*layout_) trouble_ = layout_->error();
  return layout_->has_value();
}

const KernelModules::FileSections& KernelModules::sections_in(const std::string& path) {
  const auto known = sections_.find(path);
  if (known != sections_.end()) return known->second;
  const auto bytes = read_file(path, largest_file, "a kernel module may be");
  FileSections found = bytes ? symbols::allocated_sections(*bytes) : std::unexpected(bytes.error());
  if (found && found->empty()) found = std::unexpected("it has no sections");
  if (bytes && !found) found = std::unexpected(fmt::format("{} is of no use: {}", path, found.error()));
  return sections_.emplace(path, std::move(found)).first->second;
}

// GDB wants an address for each section with SHF_ALLOC. The name says where, as it tells libraries apart by name.
std::optional<Library> KernelModules::library_of(const LoadedModule& module) {
  const auto file = source_.files.find(module.name);
  const auto text = module.sections.find(".text");
  if (file == source_.files.end() || module.sections.empty()) return std::nullopt;
  const auto& sections = sections_in(file->second);
  if (!sections) {
    trouble_ += (trouble_.empty() ? "" : "\n") + sections.error();
    return std::nullopt;
  }
  const Gva base = text != module.sections.end() ? text->second : module.sections.begin()->second;
  Library library{{fmt::format("{}@{:#x}", file->second, base.value), file->second}, {base.value}, {}};
  const Gva behind = behind_all(*sections, module.sections);
  for (const auto& [name, size] : *sections) {
    const auto place = module.sections.find(name);
    library.sections.push_back({(place != module.sections.end() ? place->second : behind).value});
  }
  return library;
}

void KernelModules::look(std::uint64_t offset, const ReadGuest& read) {
  trouble_.clear();
  if (!learn_layout(offset, read)) return;
  auto modules = loaded_modules(**layout_, list_head(offset), read,
                                [&](const std::string& name) { return source_.files.contains(name); });
  if (modules) {
    loaded_ = std::move(*modules);
  } else {
    trouble_ = "the kernel's list of modules is not mapped";
  }
}

std::vector<Library> KernelModules::list() {
  std::vector<Library> libraries;
  for (const LoadedModule& module : loaded_) {
    if (auto library = library_of(module)) libraries.push_back(std::move(*library));
  }
  return libraries;
}

}  // namespace gdbvm
