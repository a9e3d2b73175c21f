// What the registers of a target are: the data behind target.xml, the g packet's layout and LLDB's register info.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gdbstub/types.h"

namespace gdbstub {

// One named bit (first == last) or bit field of a flags type.
struct FlagField {
  std::string name;
  unsigned first{};
  unsigned last{};
};
struct FlagsType {
  std::string id;
  unsigned size{};  // bytes
  std::vector<FlagField> fields;
};
struct VectorType {
  std::string id;
  std::string element;
  unsigned count{};
};
struct UnionType {
  struct Member {
    std::string name;
    std::string type;
  };
  std::string id;
  std::vector<Member> members;
};
using TypeDefinition = std::variant<FlagsType, VectorType, UnionType>;

// What a register is for, in LLDB's words (`generic:` of qRegisterInfo).
enum class GenericRole { None, Pc, Sp, Fp, Flags };

struct RegisterDescription {
  std::string name;
  unsigned bits{};
  std::string type;   // a predefined GDB type ("int64", "code_ptr", "ieee_single"...) or the id of a TypeDefinition
  std::string group;  // "general", "float", "vector", "system"; empty: GDB decides by the type
  GenericRole role = GenericRole::None;
  bool expedited = false;           // sent along with every stop reply
  std::optional<unsigned> dwarf{};  // DWARF and eh_frame number, where the ABI gives one
};

struct Feature {
  std::string name;  // "org.gnu.gdb.i386.core" or a name of the target's own
  std::vector<TypeDefinition> types;
  std::vector<RegisterDescription> registers;
};

// Registers are numbered through all features in order; the g packet is their bytes, little-endian, in that order.
struct TargetDescription {
  std::string architecture;  // "i386:x86-64", "i386", "i8086"
  std::vector<Feature> features;
  // The features, from the first, whose registers in this order are what a client knows without reading the
  // description: the classic ones of its architecture. 0: all.
  std::size_t classic_features = 0;
  std::string osabi = {};  // empty: the client's default; "none" where that default knows no such architecture
};

}  // namespace gdbstub
