// vFile: lets a client read the program the target runs, and no other file.
#include <sys/stat.h>

#include <array>
#include <vector>

#include "gdbstub/session.h"

namespace gdbstub {
namespace {

constexpr std::uint64_t the_file = 1;  // the only descriptor there is
constexpr int no_entry = 2;            // the protocol's errno values: ENOENT, EBADF
constexpr int bad_descriptor = 9;

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
  if (target_.exec_file() != nullptr) reply.text("F0");
  return Answer::Reply;
}

Session::Handled Session::handle(const command::FileOpen& command, Reply& reply) {
  if (target_.exec_file() == nullptr) return Answer::Reply;
  const std::string path(reinterpret_cast<const char*>(command.path.data()), command.path.size());
  if (path != target_.exec_file()->path()) return file_error(reply, no_entry);
  file_ = {std::fopen(path.c_str(), "rbe"), std::fclose};
  if (file_ == nullptr) return file_error(reply, no_entry);
  reply.format("F{:x}", the_file);
  return Answer::Reply;
}

Session::Handled Session::handle(const command::FileRead& command, Reply& reply) {
  if (target_.exec_file() == nullptr) return Answer::Reply;
  if (file_ == nullptr || command.fd != the_file) return file_error(reply, bad_descriptor);
  std::vector<std::uint8_t> bytes(std::min<std::uint64_t>(command.count, packet_size / 2));
  std::size_t count = 0;
  if (command.offset <= INT64_MAX && fseeko(file_.get(), static_cast<off_t>(command.offset), SEEK_SET) == 0) {
    count = std::fread(bytes.data(), 1, bytes.size(), file_.get());
  }
  reply.format("F{:x};", count);
  reply.binary(Bytes(bytes).first(count));
  return Answer::Reply;
}

Session::Handled Session::handle(const command::FileStat& command, Reply& reply) {
  if (target_.exec_file() == nullptr) return Answer::Reply;
  struct stat host{};
  if (file_ == nullptr || command.fd != the_file || fstat(fileno(file_.get()), &host) != 0) {
    return file_error(reply, bad_descriptor);
  }
  FileStatus status{};
  put(status, 8, 4, 0100444);  // st_mode: a regular file, readable
  put(status, 12, 4, 1);       // st_nlink
  put(status, 28, 8, static_cast<std::uint64_t>(host.st_size));
  reply.format("F{:x};", status.size());
  reply.binary(status);
  return Answer::Reply;
}

Session::Handled Session::handle(const command::FileClose& command, Reply& reply) {
  if (target_.exec_file() == nullptr) return Answer::Reply;
  if (file_ == nullptr || command.fd != the_file) return file_error(reply, bad_descriptor);
  file_.reset();
  reply.text("F0");
  return Answer::Reply;
}

}  // namespace gdbstub
