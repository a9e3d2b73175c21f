// Everything is relative to the open folder, so that nobody can put another one in its place meanwhile.
#include "vmm/host/new_file.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <random>

namespace gdbvm {

namespace {

int rename_at(int folder, const std::string& from, const std::string& to, unsigned flags) {
  return static_cast<int>(::syscall(SYS_renameat2, folder, from.c_str(), folder, to.c_str(), flags));
}

// Part by part, as openat2's RESOLVE_NO_SYMLINKS would, which not every kernel and sandbox has.
Fd open_folder(const std::filesystem::path& folder) {
  constexpr int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  Fd at(::open(folder.is_absolute() ? "/" : ".", flags));
  for (const auto& part : folder.relative_path()) {
    if (!at || part.empty()) continue;
    at = Fd(::openat(at.get(), part.c_str(), flags));
  }
  return at;
}

const char* reason_for_folder(const std::filesystem::path& folder, int error) {
  std::error_code ignored;
  const bool led_elsewhere = error == ENOTDIR && std::filesystem::is_directory(folder, ignored);
  return led_elsewhere ? "a symbolic link leads to its folder" : std::strerror(error);
}

}  // namespace

NewFile::NewFile(std::string path, Fd folder, MayReplace may_replace)
    : path_(std::move(path)),
      name_(std::filesystem::path(path_).filename()),
      folder_(std::move(folder)),
      may_replace_(std::move(may_replace)) {}

NewFile::~NewFile() {
  if (file_ && !unfinished_.empty()) ::unlinkat(folder_.get(), unfinished_.c_str(), 0);
}

std::string NewFile::refusal(const char* why) const { return "cannot write " + path_ + ": " + why; }

std::expected<NewFile, std::string> NewFile::beside(const std::string& path, MayReplace may_replace) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  Fd opened = open_folder(folder);
  const int error = errno;
  NewFile made(path, std::move(opened), std::move(may_replace));
  if (!made.folder_) return std::unexpected(made.refusal(reason_for_folder(folder, error)));
  if (auto replaceable = made.check_present(); !replaceable) return std::unexpected(replaceable.error());
  if (auto done = made.make(); !done) return std::unexpected(done.error());
  return made;
}

std::expected<void, std::string> NewFile::make() {
  std::random_device random;
  for (int attempt = 0; attempt < 16; ++attempt) {
    unfinished_ = name_ + "." + std::to_string(random());
    file_ = Fd(::openat(folder_.get(), unfinished_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file_) return {};
    if (errno != EEXIST) break;
  }
  return std::unexpected(refusal(std::strerror(errno)));
}

// Looked at before it is opened, as opening is enough to make some devices do something.
std::expected<void, std::string> NewFile::check_present() const {
  struct stat status{};
  if (::fstatat(folder_.get(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return {};
    return std::unexpected(refusal(std::strerror(errno)));
  }
  if (S_ISLNK(status.st_mode)) return std::unexpected(refusal("it is a symbolic link"));
  if (!S_ISREG(status.st_mode)) return std::unexpected(refusal("it is not a regular file"));
  if (!may_replace(name_)) return std::unexpected(refusal("it exists, and gdbvm did not write it"));
  return {};
}

bool NewFile::may_replace(const std::string& name) const {
  const Fd file(::openat(folder_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  return file && may_replace_(file.get());
}

std::expected<void, std::string> NewFile::publish() {
  if (rename_at(folder_.get(), unfinished_, name_, RENAME_NOREPLACE) == 0) {
    unfinished_.clear();
    return {};
  }
  if (errno != EEXIST && errno != EINVAL) return std::unexpected(refusal(std::strerror(errno)));
  return replace();
}

// The two change places, which brings the old one where nobody else has put it, to be looked at: if it is another one
// than before, they change back. Filesystems that cannot do so (NFS) replace what has been looked at a moment ago.
std::expected<void, std::string> NewFile::replace() {
  if (auto good = check_present(); !good) return good;
  if (rename_at(folder_.get(), unfinished_, name_, RENAME_EXCHANGE) != 0) {
    const bool cannot = errno == EINVAL;
    if (!cannot || rename_at(folder_.get(), unfinished_, name_, 0) != 0)
      return std::unexpected(refusal(std::strerror(errno)));
    unfinished_.clear();
    return {};
  }
  if (may_replace(unfinished_)) return {};  // the destructor removes it
  (void)rename_at(folder_.get(), unfinished_, name_, RENAME_EXCHANGE);
  return std::unexpected(refusal("another file has just appeared there"));
}

}  // namespace gdbvm
