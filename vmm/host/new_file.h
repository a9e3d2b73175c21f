// A file that appears under its name whole or not at all, and replaces nothing but an older one of its own kind.
#pragma once

#include <expected>
#include <functional>
#include <string>

#include "vmm/host/fd.h"

namespace gdbvm {

// Whoever asks for the file may be nobody to trust, and others may write to the folder. So no symbolic link is
// followed, neither to the folder nor to the file; the folder is opened once and everything happens inside it; and what
// the file replaces is looked at again once it is out of the way. Errors are sentences that name the path.
class NewFile final {
 public:
  // Whether an open file is of the kind that may be replaced.
  using MayReplace = std::function<bool(int fd)>;

  // Makes an empty file beside `path`, only for this user.
  static std::expected<NewFile, std::string> beside(const std::string& path, MayReplace may_replace);
  ~NewFile();  // removes it, unless it has been published
  NewFile(NewFile&&) = default;
  NewFile& operator=(NewFile&&) = delete;

  int fd() const { return file_.get(); }
  // Puts the file at `path`.
  std::expected<void, std::string> publish();

 private:
  NewFile(std::string path, Fd folder, MayReplace may_replace);
  std::expected<void, std::string> make();
  std::expected<void, std::string> check_present() const;
  std::expected<void, std::string> replace();
  bool may_replace(const std::string& name) const;
  std::string refusal(const char* why) const;

  std::string path_, name_;  // all of it, and its last part
  Fd folder_;
  MayReplace may_replace_;
  std::string unfinished_;  // in the folder; empty: none
  Fd file_;
};

}  // namespace gdbvm
