// The kernel's own symbols say where its modules are.
#include "vmm/debug/program/module_files.h"

#include <algorithm>
#include <filesystem>

#include "vmm/host/setup_error.h"

namespace gdbvm {

namespace {

// The kernel names modules after their files, with one spelling.
std::string module_name(std::string stem) {
  std::ranges::replace(stem, '-', '_');
  return stem;
}

// With the files of several kernels there would be no telling which one the guest runs.
void add(std::map<std::string, std::string>& files, const std::string& path) {
  const auto [known, is_new] = files.emplace(module_name(std::filesystem::path(path).stem()), path);
  if (is_new) return;
  throw SetupError(
      fmt::format("--modules: {} and {} have the same name; the folder must hold the modules of one kernel",
                  std::min(known->second, path), std::max(known->second, path)));
}

std::map<std::string, std::string> find_modules(const std::string& directory) {
  namespace fs = std::filesystem;
  std::map<std::string, std::string> files;
  bool compressed = false;
  std::error_code error;
  for (fs::recursive_directory_iterator at(fs::absolute(directory), error), end; !error && at != end;
       at.increment(error)) {
    const fs::path& path = at->path();
    if (path.extension() == ".ko") add(files, path.lexically_normal());
    compressed = compressed || path.stem().extension() == ".ko";
  }
  if (error) throw SetupError(fmt::format("--modules: cannot read all of {}: {}", directory, error.message()));
  if (!files.empty()) return files;
  throw SetupError(fmt::format("--modules: there are no .ko files in {}{}", directory,
                               compressed ? "; compressed files must be unpacked first" : ""));
}

}  // namespace

std::optional<KernelModules::Source> module_source(const std::string& directory, const DebugFiles& files) {
  if (directory.empty()) return std::nullopt;
  KernelModules::Source source;
  const DebugFiles::Places places = files.module_places();
  const auto place = [&](const char* name, const char* what) {
    const auto found = places.find(name);
    if (found != places.end()) return Gva{found->second};
    throw SetupError(fmt::format("--modules: {} is not among the kernel's symbols (--symbols), {}", name, what));
  };
  source.list = place("modules", "so its list of modules cannot be found");
  source.types = place("__start_BTF", "so the kernel has no BTF, which says what a module looks like");
  source.types_end = place("__stop_BTF", "so the kernel has no BTF, which says what a module looks like");
  const auto library_point = places.find("do_init_module");
  if (library_point != places.end()) source.library_point = Gva{library_point->second};
  source.files = find_modules(directory);
  return source;
}

}  // namespace gdbvm
