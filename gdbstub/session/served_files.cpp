#include "gdbstub/session/served_files.h"

#include <algorithm>
#include <utility>

namespace gdbstub {

void ServedFiles::set_libraries(const std::vector<Libraries::Library>& libraries) {
  libraries_.clear();
  for (const Libraries::Library& library : libraries) libraries_.push_back(library.file);
}

std::optional<ServedFile> ServedFiles::find(Target& target, std::string_view name) const {
  if (ExecFile* const program = target.exec_file(); program != nullptr) {
    if (ServedFile file = program->program(); file.name == name) return file;
  }
  const auto found = std::ranges::find(libraries_, name, &ServedFile::name);
  return found != libraries_.end() ? std::optional(*found) : std::nullopt;
}

std::expected<std::uint64_t, FileError> ServedFiles::open(Target& target, std::string_view name) {
  const auto wanted = find(target, name);
  if (!wanted) return std::unexpected(FileError::NoEntry);
  const auto free = std::ranges::find_if(open_, [](const OpenFile& file) { return file == nullptr; });
  if (free == open_.end() && open_.size() == max_open) return std::unexpected(FileError::TooManyFiles);
  OpenFile file{std::fopen(wanted->host_path.c_str(), "rbe")};
  if (file == nullptr) return std::unexpected(FileError::NoEntry);
  OpenFile& place = free == open_.end() ? open_.emplace_back() : *free;
  place = std::move(file);
  return static_cast<std::uint64_t>(&place - open_.data()) + 1;
}

std::FILE* ServedFiles::find(std::uint64_t descriptor) const {
  const bool is_known = descriptor >= 1 && descriptor <= open_.size();
  return is_known ? open_[descriptor - 1].get() : nullptr;
}

bool ServedFiles::close(std::uint64_t descriptor) {
  if (find(descriptor) == nullptr) return false;
  open_[descriptor - 1].reset();
  return true;
}

}  // namespace gdbstub
