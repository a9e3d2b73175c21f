// qXfer:...:read and qOffsets: documents that a client fetches piece by piece, and where the program lies.
#include <algorithm>

#include "gdbstub/session/handlers.h"
#include "gdbstub/session/selection.h"
#include "gdbstub/trace/documents.h"
#include "gdbstub/wire/framing.h"
#include "gdbstub/wire/target_xml.h"
#include "gdbstub/wire/xml.h"

namespace gdbstub {
namespace {

std::string threads_document(Conversation& c) {
  std::string xml = "<?xml version=\"1.0\"?>\n<threads>\n";
  for (const ThreadId thread : threads_of(c)) {
    xml += fmt::format("<thread id=\"{}{}\"", c.client.dialect.multiprocess ? "p1." : "", thread);
    if (ThreadInfo* const info = c.target.thread_info(); info != nullptr) {
      xml += fmt::format(" name=\"{}\">{}</thread>\n", xml_escape(info->name(thread)), xml_escape(info->extra(thread)));
    } else {
      xml += "/>\n";
    }
  }
  return xml + "</threads>\n";
}

// GDB computes with signed lengths and dies of half the address space: no region is longer than a quarter of it.
std::vector<MemoryRegion> in_signed_lengths(const std::vector<MemoryRegion>& regions) {
  constexpr std::uint64_t max_length = std::uint64_t{1} << 62;
  std::vector<MemoryRegion> parts;
  for (MemoryRegion rest : regions) {
    for (; rest.length > max_length; rest = {rest.kind, rest.start + max_length, rest.length - max_length}) {
      parts.push_back({rest.kind, rest.start, max_length});
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

std::string list_libraries(Conversation& c) {
  const std::vector<Libraries::Library> libraries = c.target.libraries()->list();
  c.client.files.set_libraries(libraries);
  return libraries_document(libraries);
}

Result<std::string> document(Conversation& c, const command::Transfer& command) {
  using Object = command::Transfer::Object;
  switch (command.object) {
    case Object::Features:
      if (command.annex != "target.xml") return std::unexpected(Error{"there is no such description", 0});
      c.renew_description();
      c.client.dialect.described = true;
      return to_xml(c.target.description());
    case Object::Threads:
      return threads_document(c);
    case Object::MemoryMap:
      return memory_map_document(*c.target.memory_map());
    case Object::ExecFile:
      return c.target.exec_file()->program().name;
    case Object::Libraries:
      return list_libraries(c);
    case Object::TraceFrame:
      if (!c.client.frame) return std::unexpected(Error{"no trace frame is selected", 0});
      return frame_document(*c.client.frame->frame);
  }
  return {};
}

}  // namespace

// The text is made at offset 0 and kept, so that the pieces fit together.
Handled handle(Conversation& c, const command::Transfer& command, Reply& reply) {
  if (c.client.dialect.lldb && command.object == command::Transfer::Object::Libraries)
    return Answer::Reply;  // not offered
  Transfer& transfer = c.client.transfer;
  if (command.offset == 0 || !transfer.holds(command.object, command.annex)) {
    auto text = document(c, command);
    if (!text) return std::unexpected(text.error());
    transfer.set(command.object, command.annex, std::move(*text));
  }
  const std::string_view rest = transfer.rest(command.offset);
  const std::string_view piece = rest.substr(0, std::min<std::uint64_t>(command.length, packet_size / 2));
  reply.text(piece.size() == rest.size() ? "l" : "m");
  reply.binary(piece);
  return Answer::Reply;
}

// Not Text=, which tells of sections: plug-ins take that for a user program's.
Handled handle(Conversation& c, const command::Offsets&, Reply& reply) {
  if (const auto segment = c.target.text_segment()) reply.format("TextSeg={:x}", segment->value);
  return Answer::Reply;
}

}  // namespace gdbstub
