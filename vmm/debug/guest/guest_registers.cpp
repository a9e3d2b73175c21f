// The registers of one vCPU by the numbers of the target description that fits the image.
#include "vmm/debug/guest/guest_registers.h"

#include <array>

namespace gdbvm {

using gdbstub::fail;
using gdbstub::Result;

namespace {

x86::View view_of(boot::GuestArchitecture architecture) {
  return architecture == boot::GuestArchitecture::X86_64 ? x86::View::Bits64 : x86::View::Bits32;
}

const char* name_of(boot::GuestArchitecture architecture) {
  switch (architecture) {
    case boot::GuestArchitecture::I8086:
      return "i8086";
    case boot::GuestArchitecture::I386:
      return "i386";
    case boot::GuestArchitecture::X86_64:
      return "i386:x86-64";
  }
  return "i386";
}

struct Convert {
  gdbstub::TypeDefinition operator()(const x86::FlagsType& type) const {
    gdbstub::FlagsType flags{std::string(type.id), type.bytes, {}};
    for (const auto& field : type.fields) flags.fields.push_back({std::string(field.name), field.first, field.last});
    return flags;
  }
  gdbstub::TypeDefinition operator()(const x86::VectorType& type) const {
    return gdbstub::VectorType{std::string(type.id), std::string(type.element), type.count};
  }
  gdbstub::TypeDefinition operator()(const x86::UnionType& type) const {
    gdbstub::UnionType result{std::string(type.id), {}};
    for (const auto& member : type.members)
      result.members.push_back({std::string(member.name), std::string(member.type)});
    return result;
  }
};

gdbstub::GenericRole role_of(x86::Role role) {
  switch (role) {
    case x86::Role::None:
      return gdbstub::GenericRole::None;
    case x86::Role::Pc:
      return gdbstub::GenericRole::Pc;
    case x86::Role::Sp:
      return gdbstub::GenericRole::Sp;
    case x86::Role::Fp:
      return gdbstub::GenericRole::Fp;
    case x86::Role::Flags:
      return gdbstub::GenericRole::Flags;
  }
  return gdbstub::GenericRole::None;
}

gdbstub::RegisterDescription describe(const x86::Register& r, x86::View view) {
  gdbstub::RegisterDescription description{
      .name = std::string(r.name(view)),
      .bits = r.bits(view),
      .type = std::string(r.gdb_type(view)),
      .group = std::string(r.group),
      .role = role_of(r.role),
      .expedited = r.expedited,
  };
  if (r.dwarf(view) >= 0) description.dwarf = static_cast<unsigned>(r.dwarf(view));
  return description;
}

Result<> converted(const x86::RegisterAccess::Result& result) {
  if (!result) return fail(result.error());
  return {};
}

}  // namespace

gdbstub::TargetDescription describe_registers(boot::GuestArchitecture architecture, const x86::CpuFeatures& features) {
  const x86::View view = view_of(architecture);
  gdbstub::TargetDescription description;
  description.architecture = name_of(architecture);
  // A GDB built for GNU/Linux has no such ABI for the 8086, and warns of it.
  if (architecture == boot::GuestArchitecture::I8086) description.osabi = "none";
  for (const x86::Register* r : x86::select(view, features)) {
    if (description.features.empty() || description.features.back().name != r->feature) {
      description.features.push_back({std::string(r->feature), {}, {}});
      for (const auto& type : x86::types_of(r->feature)) {
        description.features.back().types.push_back(std::visit(Convert{}, type));
      }
    }
    description.features.back().registers.push_back(describe(*r, view));
  }
  description.classic_features = 2;  // i386.core and i386.sse, which the table begins with
  return description;
}

GuestRegisters::GuestRegisters(boot::GuestArchitecture architecture, const x86::CpuFeatures& features, Vcpu& vcpu)
    : view_(view_of(architecture)), registers_(x86::select(view_, features)), access_(vcpu, features) {}

Result<> GuestRegisters::read(gdbstub::RegisterNumber number, gdbstub::MutableBytes out) {
  if (number.value >= registers_.size()) return fail("there is no register of that number");
  const x86::Register& r = *registers_[number.value];
  if (out.size() != r.size(view_)) return fail(fmt::format("{} has {} bytes", r.name(view_), r.size(view_)));
  return converted(access_.read(r, view_, out));
}

Result<> GuestRegisters::write(gdbstub::RegisterNumber number, gdbstub::Bytes bytes) {
  if (number.value >= registers_.size()) return fail("there is no register of that number");
  const x86::Register& r = *registers_[number.value];
  if (bytes.size() != r.size(view_)) return fail(fmt::format("{} has {} bytes", r.name(view_), r.size(view_)));
  return converted(access_.write(r, view_, bytes));
}

void GuestRegisters::for_each(const std::function<void(std::string_view, std::string_view)>& visit) {
  for (const x86::Register* r : registers_) {
    std::array<std::uint8_t, 64> bytes{};
    const std::span<std::uint8_t> value(bytes.data(), r->size(view_));
    if (r->bank == x86::Bank::NoSystemCall || !access_.read(*r, view_, value)) continue;
    std::string text = "0x";
    for (std::size_t i = value.size(); i-- > 0;) text += fmt::format("{:02x}", value[i]);
    visit(r->name(view_), text);
  }
}

}  // namespace gdbvm
