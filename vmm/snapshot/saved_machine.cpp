// Everything is compared with the file's size before it is looked at, and nothing is allocated by a size that the file
// does not have.
#include "vmm/snapshot/saved_machine.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "vmm/x86/layout.h"

namespace gdbvm::snapshot {

namespace {

using Refusal = std::unexpected<std::string>;

// A sentence's end, after the path.
Refusal damaged(std::string_view why) { return Refusal(fmt::format("is damaged: {}", why)); }

std::expected<std::uint64_t, std::string> size_of_regular_file(int fd) {
  struct stat status{};
  if (::fstat(fd, &status) < 0) return Refusal(fmt::format("cannot be examined: {}", std::strerror(errno)));
  if (!S_ISREG(status.st_mode)) return Refusal("is not a regular file");
  return static_cast<std::uint64_t>(status.st_size);
}

std::expected<FileHeader, std::string> read_header(int fd, std::uint64_t file_size, const FileKind& kind) {
  if (!is_own(fd, kind)) return Refusal(fmt::format("is not a {} that gdbvm wrote", kind.name));
  FileHeader header;
  if (file_size < sizeof header || ::pread(fd, &header, sizeof header, 0) != static_cast<ssize_t>(sizeof header)) {
    return Refusal("is truncated: it ends within its header");
  }
  if (header.version != kind.version) {
    const bool newer = header.version > kind.version;
    return Refusal(fmt::format("is a {} of format {}, and this gdbvm knows format {}: {} gdbvm {} it", kind.name,
                               header.version, kind.version, newer ? "a newer" : "an older", kind.used_by));
  }
  return header;
}

std::uint64_t end_of_ram(const FileHeader& header) { return header.ram_offset + header.ram_size + header.display_size; }

// No sum here overflows, as no number is larger than any file can be.
std::expected<void, std::string> check_sizes(const FileHeader& header, std::uint64_t file_size, bool goes_on) {
  constexpr const char* contradiction = "the sizes in its header contradict each other";
  constexpr std::uint64_t most = std::uint64_t{1} << 61;
  for (const std::uint64_t size : {header.body_size, header.ram_offset, header.ram_size, header.display_size}) {
    if (size > most) return damaged(contradiction);
  }
  const auto whole_pages = [](std::uint64_t size) { return size % page_size == 0; };
  const bool pages = whole_pages(header.ram_offset) && whole_pages(header.ram_size) && header.ram_size > 0 &&
                     whole_pages(header.display_size);
  if (!pages || header.ram_offset < sizeof header + header.body_size) return damaged(contradiction);
  const std::uint64_t needed = end_of_ram(header);
  if (file_size < needed) return Refusal(fmt::format("is truncated: it has {} of {} bytes", file_size, needed));
  if (file_size > needed && !goes_on) return damaged("there are bytes after its end");
  return {};
}

}  // namespace

SavedMachine::SavedMachine(Fd file, const FileHeader& header, FileView view)
    : file_(std::move(file)), header_(header), view_(std::move(view)) {}

std::expected<SavedMachine, std::string> SavedMachine::open(const std::string& path, const FileKind& kind) {
  const auto refuse = [&](const std::string& why) { return Refusal(path + " " + why); };
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) return Refusal(fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  const auto size = size_of_regular_file(file.get());
  if (!size) return refuse(size.error());
  const auto header = read_header(file.get(), *size, kind);
  if (!header) return refuse(header.error());
  if (const auto good = check_sizes(*header, *size, kind.goes_on); !good) return refuse(good.error());
  try {
    FileView view(file, kind.goes_on ? *size : sizeof *header + header->body_size);
    SavedMachine saved(std::move(file), *header, std::move(view));
    saved.kind_ = &kind;
    if (kind.goes_on) saved.rest_ = end_of_ram(*header);
    const auto body = saved.view_.bytes().subspan(sizeof *header, header->body_size);
    if (checksum_of(*header, body) != header->checksum) return refuse(damaged("its checksum is wrong").error());
    saved.parse_body();
    return saved;
  } catch (const StateError& error) {
    return refuse(damaged(error.what()).error());
  } catch (const std::system_error& error) {
    return refuse(fmt::format("cannot be read: {}", error.what()));
  }
}

void SavedMachine::parse_body() {
  StateReader body(view_.bytes().subspan(sizeof(FileHeader), header_.body_size));
  description_ = get_description(body);
  parse_roms(body);
  states_ = body.take(body.get<std::uint64_t>());
  disks_ = body.take(body.get<std::uint64_t>());
  if (!body.empty()) throw StateError("its body is longer than its parts");
}

// In the hole that RAM leaves below 4 GiB, where firmware is.
void SavedMachine::parse_roms(StateReader& from) {
  constexpr Gpa framebuffer{x86::layout::framebuffer};
  constexpr Gpa framebuffer_end = framebuffer + x86::layout::framebuffer_size;
  Gpa free = ram_hole_start;
  for (auto count = from.get<std::uint32_t>(); count > 0; --count) {
    const Gpa start{from.get<std::uint64_t>()};
    auto bytes = from.get_list<std::uint8_t>();
    const bool pages = start.page_offset() == 0 && bytes.size() % page_size == 0 && !bytes.empty();
    const bool on_display = start < framebuffer_end && start + bytes.size() > framebuffer;
    if (!pages || on_display || start < free || start >= ram_hole_end || bytes.size() > ram_hole_end - start) {
      throw StateError("it has a ROM where none can be");
    }
    free = start + bytes.size();
    roms_.push_back({start, std::move(bytes)});
  }
}

void SavedMachine::map_ram(GuestMemory& memory) const {
  Fd file(::fcntl(file_.get(), F_DUPFD_CLOEXEC, 0));
  if (!file) throw_errno("dup");
  memory.map_file(std::move(file), header_.ram_offset);
}

}  // namespace gdbvm::snapshot
