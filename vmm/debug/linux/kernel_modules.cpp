// Layouts and files are read once and kept; the list of modules is read at each look.
#include "vmm/debug/linux/kernel_modules.h"

#include <algorithm>

#include "vmm/host/read_file.h"

namespace gdbvm {

using Library = gdbstub::Libraries::Library;

namespace {

constexpr std::uint64_t max_types = 64 << 20, max_file = 256 << 20;  // bytes; Linux's BTF is some 5 MiB

// Sections that a file has and the kernel does not keep (.modinfo, the template of per-CPU data) are placed after the
// module, where nothing of it is.
Gva end_of(const std::vector<symbols::ModuleSection>& sections, const std::map<std::string, Gva>& loaded) {
  Gva end{};
  for (const auto& [name, size] : sections) {
    if (const auto place = loaded.find(name); place != loaded.end()) end = std::max(end, place->second + size);
  }
  return (end + (page_size - 1)).page();
}

}  // namespace

// Whatever begins like BTF is parsed once, as that takes a while; anything else may be memory from before the kernel.
bool KernelModules::learn_layout(std::uint64_t slide, const ReadGuest& read) {
  if (!layout_) {
    const std::uint64_t size = source_.types_end - source_.types;
    std::uint16_t begins_with = 0;
    const bool begins =
        read(source_.types + slide, {reinterpret_cast<std::uint8_t*>(&begins_with), sizeof begins_with}) &&
        begins_with == symbols::Btf::magic;
    std::vector<std::uint8_t> bytes(begins && size <= max_types ? size : 0);
    if (!begins || !read(source_.types + slide, bytes)) {
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
  const auto bytes = read_file(path, max_file, "a kernel module may be");
  FileSections found = bytes ? symbols::allocated_sections(*bytes) : std::unexpected(bytes.error());
  if (found && found->empty()) found = std::unexpected("it has no sections");
  if (bytes && !found) found = std::unexpected(fmt::format("{} cannot be used: {}", path, found.error()));
  return sections_.emplace(path, std::move(found)).first->second;
}

// GDB wants an address for each section with SHF_ALLOC. It tells libraries apart by name, so the name has the address.
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
  const Gva after = end_of(*sections, module.sections);
  for (const auto& [name, size] : *sections) {
    const auto place = module.sections.find(name);
    library.sections.push_back({(place != module.sections.end() ? place->second : after).value});
  }
  return library;
}

void KernelModules::look(std::uint64_t slide, const ReadGuest& read) {
  trouble_.clear();
  if (!learn_layout(slide, read)) return;
  auto modules = loaded_modules(**layout_, list_head(slide), read,
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
