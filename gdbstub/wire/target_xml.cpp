#include "gdbstub/wire/target_xml.h"

#include "gdbstub/wire/xml.h"

namespace gdbstub {
namespace {

std::string to_xml(const FlagsType& type) {
  std::string xml = fmt::format("<flags id=\"{}\" size=\"{}\">\n", xml_escape(type.id), type.size);
  for (const FlagField& field : type.fields) {
    // GDB shows a one-bit field by its name alone if it is a bool, which is what a field without a type becomes.
    xml +=
        fmt::format("<field name=\"{}\" start=\"{}\" end=\"{}\"/>\n", xml_escape(field.name), field.first, field.last);
  }
  return xml + "</flags>\n";
}

std::string to_xml(const VectorType& type) {
  return fmt::format("<vector id=\"{}\" type=\"{}\" count=\"{}\"/>\n", xml_escape(type.id), xml_escape(type.element),
                     type.count);
}

std::string to_xml(const UnionType& type) {
  std::string xml = fmt::format("<union id=\"{}\">\n", xml_escape(type.id));
  for (const auto& member : type.members) {
    xml += fmt::format("<field name=\"{}\" type=\"{}\"/>\n", xml_escape(member.name), xml_escape(member.type));
  }
  return xml + "</union>\n";
}

std::string_view generic_name(GenericRole role) {
  switch (role) {
    case GenericRole::Pc:
      return "pc";
    case GenericRole::Sp:
      return "sp";
    case GenericRole::Fp:
      return "fp";
    case GenericRole::Flags:
      return "flags";
    case GenericRole::None:
      break;
  }
  return {};
}

std::string to_xml(const RegisterDescription& reg) {
  std::string xml = fmt::format("<reg name=\"{}\" bitsize=\"{}\"", xml_escape(reg.name), reg.bits);
  if (!reg.type.empty()) xml += fmt::format(" type=\"{}\"", xml_escape(reg.type));
  if (!reg.group.empty()) xml += fmt::format(" group=\"{}\"", xml_escape(reg.group));
  if (reg.dwarf) xml += fmt::format(" dwarf_regnum=\"{0}\" gcc_regnum=\"{0}\"", *reg.dwarf);
  if (reg.role != GenericRole::None) xml += fmt::format(" generic=\"{}\"", generic_name(reg.role));
  return xml + "/>\n";
}

}  // namespace

std::string to_xml(const TargetDescription& description) {
  std::string xml = "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target version=\"1.0\">\n";
  xml += fmt::format("<architecture>{}</architecture>\n", xml_escape(description.architecture));
  if (!description.osabi.empty()) xml += fmt::format("<osabi>{}</osabi>\n", xml_escape(description.osabi));
  for (const Feature& feature : description.features) {
    xml += fmt::format("<feature name=\"{}\">\n", xml_escape(feature.name));
    for (const TypeDefinition& type : feature.types) {
      xml += std::visit([](const auto& each) { return to_xml(each); }, type);
    }
    for (const RegisterDescription& reg : feature.registers) xml += to_xml(reg);
    xml += "</feature>\n";
  }
  return xml + "</target>\n";
}

std::string xml_escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace gdbstub
