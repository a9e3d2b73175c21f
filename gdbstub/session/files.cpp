// vFile: lets a client read the program the target runs and its libraries, and no other file.
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <vector>

#include "gdbstub/session/session.h"

namespace gdbstub {
namespace {

constexpr int no_entry = 2;  // the protocol's errno values: ENOENT, EBADF, EMFILE
constexpr int bad_descriptor = 9;
constexpr int too_many_files = 24;
constexpr std::size_t most_files = 16;

// `struct stat` of the File-I/O protocol: big-endian, 64 bytes.
using FileStatus = std::array<std::uint8_t, 64>;
void put(FileStatus& status, std::size_t offset, std::size_t size, std::uint64_t value) {
  for (std::size_t i = 0; i < size; ++i) {
    status[offset + i] = static_cast<std::uint8_t>(value >> 8 * (size - 1 - i));
  }
}

}  // namespace

Session::Handled Session::file_error(Reply& reply, int code) {
  reply.format("F-1,{:x}", code);
  return Answer::Reply;
}

Session::Handled Session::handle(const command::FileSetFs&, Reply& reply) {
  reply.text("F0");
  return Answer::Reply;
}

// Libraries are those that the client has last been told of: to ask the target anew for each file may cost it dearly.
std::optional<ServedFile> Session::served_file(std::string_view name) const {
  if (ExecFile* const program = target_.exec_file(); program != nullptr) {
    if (ServedFile file = program->program(); file.name == name) return file;
  }
  const auto found = std::ranges::find(library_files_, name, &ServedFile::name);
  return found != library_files_.end() ? std::optional(*found) : std::nullopt;
}

Session::Handled Session::handle(const command::FileOpen& command, Reply& reply) {
  const std::string name(reinterpret_cast<const char*>(command.path.data()), command.path.size());
  const auto wanted = served_file(name);
  if (!wanted) return file_error(reply, no_entry);
  const auto free = std::ranges::find_if(files_, [](const OpenFile& file) { return file == nullptr; });
  if (free == files_.end() && files_.size() == most_files) return file_error(reply, too_many_files);
  OpenFile file{std::fopen(wanted->host_path.c_str(), "rbe")};
  if (file == nullptr) return file_error(reply, no_entry);
  OpenFile& place = free == files_.end() ? files_.emplace_back() : *free;
  place = std::move(file);
  reply.format("F{:x}", &place - files_.data() + 1);
  return Answer::Reply;
}

std::FILE* Session::open_file(std::uint64_t descriptor) {
  const bool known = descriptor >= 1 && descriptor <= files_.size();
  return known ? files_[descriptor - 1].get() : nullptr;
}

Session::Handled Session::handle(const command::FileRead& command, Reply& reply) {
  std::FILE* const file = open_file(command.fd);
  if (file == nullptr) return file_error(reply, bad_descriptor);
  std::vector<std::uint8_t> bytes(std::min<std::uint64_t>(command.count, packet_size / 2));
  std::size_t count = 0;
  if (command.offset <= INT64_MAX && fseeko(file, static_cast<off_t>(command.offset), SEEK_SET) == 0) {
    count = std::fread(bytes.data(), 1, bytes.size(), file);
  }
  reply.format("F{:x};", count);
  reply.binary(Bytes(bytes).first(count));
  return Answer::Reply;
}

Session::Handled Session::handle(const command::FileStat& command, Reply& reply) {
  struct stat host{};
  std::FILE* const file = open_file(command.fd);
  if (file == nullptr || fstat(fileno(file), &host) != 0) return file_error(reply, bad_descriptor);
  FileStatus status{};
  put(status, 8, 4, 0100444);  // st_mode: a regular file, readable
  put(status, 12, 4, 1);       // st_nlink
  put(status, 28, 8, static_cast<std::uint64_t>(host.st_size));
  reply.format("F{:x};", status.size());
  reply.binary(status);
  return Answer::Reply;
}

Session::Handled Session::handle(const command::FileClose& command, Reply& reply) {
  if (open_file(command.fd) == nullptr) return file_error(reply, bad_descriptor);
  files_[command.fd - 1].reset();
  reply.text("F0");
  return Answer::Reply;
}

}  // namespace gdbstub
