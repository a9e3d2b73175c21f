// vFile: lets a client read the program the target runs and its libraries, and no other file.
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <vector>

#include "gdbstub/session/handlers.h"
#include "gdbstub/wire/framing.h"

namespace gdbstub {
namespace {

Handled file_error(Reply& reply, FileError error) {
  reply.format("F-1,{:x}", static_cast<int>(error));
  return Answer::Reply;
}

// `struct stat` of the File-I/O protocol: big-endian, 64 bytes.
using FileStatus = std::array<std::uint8_t, 64>;
void put(FileStatus& status, std::size_t offset, std::size_t size, std::uint64_t value) {
  for (std::size_t i = 0; i < size; ++i) {
    status[offset + i] = static_cast<std::uint8_t>(value >> 8 * (size - 1 - i));
  }
}

}  // namespace

Handled handle(Conversation&, const command::FileSetFs&, Reply& reply) {
  reply.text("F0");
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::FileOpen& command, Reply& reply) {
  const std::string_view name(reinterpret_cast<const char*>(command.path.data()), command.path.size());
  const auto descriptor = c.client.files.open(c.target, name);
  if (!descriptor) return file_error(reply, descriptor.error());
  reply.format("F{:x}", *descriptor);
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::FileRead& command, Reply& reply) {
  std::FILE* const file = c.client.files.find(command.fd);
  if (file == nullptr) return file_error(reply, FileError::BadDescriptor);
  std::vector<std::uint8_t> bytes(std::min<std::uint64_t>(command.count, packet_size / 2));
  std::size_t count = 0;
  if (command.offset <= INT64_MAX && fseeko(file, static_cast<off_t>(command.offset), SEEK_SET) == 0) {
    count = std::fread(bytes.data(), 1, bytes.size(), file);
  }
  reply.format("F{:x};", count);
  reply.binary(Bytes(bytes).first(count));
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::FileStat& command, Reply& reply) {
  struct stat host{};
  std::FILE* const file = c.client.files.find(command.fd);
  if (file == nullptr || fstat(fileno(file), &host) != 0) return file_error(reply, FileError::BadDescriptor);
  FileStatus status{};
  put(status, 8, 4, 0100444);  // st_mode: a regular file, readable
  put(status, 12, 4, 1);       // st_nlink
  put(status, 28, 8, static_cast<std::uint64_t>(host.st_size));
  reply.format("F{:x};", status.size());
  reply.binary(status);
  return Answer::Reply;
}

Handled handle(Conversation& c, const command::FileClose& command, Reply& reply) {
  if (!c.client.files.close(command.fd)) return file_error(reply, FileError::BadDescriptor);
  reply.text("F0");
  return Answer::Reply;
}

}  // namespace gdbstub
