// qXfer:...:read and qOffsets: documents that a client fetches piece by piece, and where the program lies.
#include <algorithm>

#include "gdbstub/session/session.h"
#include "gdbstub/wire/xml.h"

namespace gdbstub {
namespace {

std::string threads_document(Target& target, const Client& client) {
  std::string xml = "<?xml version=\"1.0\"?>\n<threads>\n";
  for (const ThreadId thread : target.threads()) {
    xml += fmt::format("<thread id=\"{}{}\"", client.multiprocess ? "p1." : "", thread);
    if (ThreadInfo* const info = target.thread_info(); info != nullptr) {
      xml += fmt::format(" name=\"{}\">{}</thread>\n", xml_escape(info->name(thread)), xml_escape(info->extra(thread)));
    } else {
      xml += "/>\n";
    }
  }
  return xml + "</threads>\n";
}

// GDB takes the length of a region for signed and dies of half the address space: none is told of more than a quarter.
std::vector<MemoryRegion> in_signed_lengths(const std::vector<MemoryRegion>& regions) {
  constexpr std::uint64_t most = std::uint64_t{1} << 62;
  std::vector<MemoryRegion> parts;
  for (MemoryRegion rest : regions) {
    for (; rest.length > most; rest = {rest.kind, rest.start + most, rest.length - most}) {
      parts.push_back({rest.kind, rest.start, most});
    }
    parts.push_back(rest);
  }
  return parts;
}

std::string memory_map_document(MemoryMap& map) {
  std::string xml =
      "<?xml version=\"1.0\"?>\n<!DOCTYPE memory-map PUBLIC \"+//IDN gnu.org//DTD GDB Memory Map V1.0//EN\" "
      "\"http://sourceware.org/gdb/gdb-memory-map.dtd\">\n<memory-map>\n";
  for (const MemoryRegion& region : in_signed_lengths(map.regions())) {
    xml += fmt::format("<memory type=\"{}\" start=\"{:#x}\" length=\"{:#x}\"/>\n",
                       region.kind == MemoryRegion::Kind::Rom ? "rom" : "ram", region.start.value, region.length);
  }
  return xml + "</memory-map>\n";
}

std::string libraries_document(const std::vector<Libraries::Library>& libraries) {
  std::string xml = "<library-list>\n";
  for (const Libraries::Library& library : libraries) {
    xml += fmt::format("<library name=\"{}\">", xml_escape(library.file.name));
    for (const Address section : library.sections) xml += fmt::format("<section address=\"{:#x}\"/>", section.value);
    if (library.sections.empty()) xml += fmt::format("<segment address=\"{:#x}\"/>", library.first_segment.value);
    xml += "</library>\n";
  }
  return xml + "</library-list>\n";
}

}  // namespace

std::string Session::list_libraries() {
  const std::vector<Libraries::Library> libraries = target_.libraries()->list();
  library_files_.clear();
  for (const Libraries::Library& library : libraries) library_files_.push_back(library.file);
  return libraries_document(libraries);
}

Result<std::string> Session::document(const command::Transfer& command) {
  using Object = command::Transfer::Object;
  switch (command.object) {
    case Object::Features:
      if (command.annex != "target.xml") return std::unexpected(Error{"there is no such description", 0});
      renew_description();
      return to_xml(target_.description());
    case Object::Threads:
      return threads_document(target_, client_);
    case Object::MemoryMap:
      return memory_map_document(*target_.memory_map());
    case Object::ExecFile:
      return target_.exec_file()->program().name;
    case Object::Libraries:
      return list_libraries();
  }
  return {};
}

// The text is made at offset 0 and kept, so that the pieces fit together.
Session::Handled Session::handle(const command::Transfer& command, Reply& reply) {
  if (client_.lldb && command.object == command::Transfer::Object::Libraries) return Answer::Reply;  // not offered
  const std::string key = fmt::format("{}:{}", static_cast<int>(command.object), command.annex);
  if (command.offset == 0 || key != transfer_key_) {
    auto text = document(command);
    if (!text) return std::unexpected(text.error());
    transfer_key_ = key;
    transfer_text_ = std::move(*text);
  }
  const std::string_view text = transfer_text_;
  const std::string_view rest = text.substr(std::min<std::uint64_t>(command.offset, text.size()));
  const std::string_view piece = rest.substr(0, std::min<std::uint64_t>(command.length, packet_size / 2));
  reply.text(piece.size() == rest.size() ? "l" : "m");
  reply.binary(piece);
  return Answer::Reply;
}

// Not Text=, which tells of sections: plug-ins take that for a user program's.
Session::Handled Session::handle(const command::Offsets&, Reply& reply) {
  if (const auto segment = target_.text_segment()) reply.format("TextSeg={:x}", segment->value);
  return Answer::Reply;
}

}  // namespace gdbstub
