// The program and the instruction set of the toy machine.
#include "support/toy_machine.h"

#include <algorithm>
#include <cstring>

namespace gdbstub::toy {
namespace {

constexpr std::size_t rip_offset = 16 * 8;
constexpr std::size_t eflags_offset = rip_offset + 8;
constexpr std::uint32_t zero_flag = 1u << 6;
constexpr std::size_t longest_history = 10'000;

struct Piece {
  std::uint64_t address;
  std::vector<std::uint8_t> bytes;
};
const std::vector<Piece>& program() {
  static const std::vector<Piece> pieces{
      // Thread 1 counts in rcx and at 0x3000, reads 0x3008, and calls a function that counts in rdx.
      {0x1000, {0x48, 0xc7, 0xc1, 0, 0, 0, 0}},                 // mov rcx, 0
      {0x1007, {0x48, 0xff, 0xc1}},                             // loop: inc rcx
      {0x100a, {0x48, 0x89, 0x0c, 0x25, 0x00, 0x30, 0, 0}},     // mov [0x3000], rcx
      {0x1012, {0x48, 0x8b, 0x04, 0x25, 0x08, 0x30, 0, 0}},     // mov rax, [0x3008]
      {0x101a, {0xe8, 0x21, 0, 0, 0}},                          // call function
      {0x101f, {0xeb, 0xe6}},                                   // jmp loop
      {0x1040, {0x48, 0xff, 0xc2, 0xc3}},                       // function: inc rdx; ret
      {0x1080, {0x48, 0xff, 0xc3, 0xeb, 0xfb}},                 // thread 2: inc rbx; jmp 0x1080
      {0x10c0, {0xb8, 0x2a, 0, 0, 0, 0xe6, 0xf4}},              // exit: mov eax, 42; out 0xf4, al
      {0x10d0, {0x90, 0xf4}},                                   // nop; hlt
      {0x10e0, {0x0f, 0x0b}},                                   // ud2
      {0x10f0, {0xcc, 0x90}},                                   // int3; nop
      {0x1100, {0xb8, 0x21, 0, 0, 0, 0xe6, 0xe9, 0xeb, 0xf7}},  // print: mov eax, '!'; out 0xe9, al; jmp print
      {0x1120, {0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0x40}},        // mov rax, [0x40000000]
      {0x3008, {0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11}},
      {0x3100, {'h', 'e', 'l', 'l', 'o', 0, '#', '$', '}', '*'}},
  };
  return pieces;
}

RegisterDescription integer(std::string name, unsigned bits, std::string type) {
  return {std::move(name), bits, std::move(type), "general"};
}

Feature core() {
  Feature feature{"org.gnu.gdb.i386.core", {}, {}};
  for (const char* name :
       {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"}) {
    feature.registers.push_back(integer(name, 64, "int64"));
  }
  static constexpr std::array<unsigned, 16> dwarf{0, 3, 2, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (std::size_t i = 0; i < dwarf.size(); ++i) feature.registers[i].dwarf = dwarf[i];
  feature.registers[6].role = GenericRole::Fp;
  feature.registers[6].expedited = true;
  feature.registers[7].role = GenericRole::Sp;
  feature.registers[7].expedited = true;
  feature.registers.push_back({"rip", 64, "code_ptr", "general", GenericRole::Pc, true, 16});
  feature.registers.push_back({"eflags", 32, "toy_eflags", "general", GenericRole::Flags});
  feature.types.push_back(FlagsType{"toy_eflags", 4, {{"", 1, 1}, {"ZF", 6, 6}}});
  for (const char* name : {"cs", "ss", "ds", "es", "fs", "gs"}) feature.registers.push_back(integer(name, 32, "int32"));
  for (int i = 0; i < 8; ++i) feature.registers.push_back({fmt::format("st{}", i), 80, "i387_ext", "float"});
  for (const char* name : {"fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop"}) {
    feature.registers.push_back({name, 32, "int", "float"});
  }
  return feature;
}

Feature sse() {
  Feature feature{"org.gnu.gdb.i386.sse", {}, {}};
  feature.types.push_back(VectorType{"v4f", "ieee_single", 4});
  feature.types.push_back(VectorType{"v16i8", "int8", 16});
  feature.types.push_back(UnionType{"vec128", {{"v4_float", "v4f"}, {"v16_int8", "v16i8"}, {"uint128", "uint128"}}});
  for (int i = 0; i < 16; ++i) feature.registers.push_back({fmt::format("xmm{}", i), 128, "vec128", "vector"});
  feature.registers.push_back({"mxcsr", 32, "int", "vector"});
  return feature;
}

}  // namespace

const TargetDescription& description() {
  static const TargetDescription all{"i386:x86-64", {core(), sse()}};
  return all;
}

Registers::Registers() : bytes_(RegisterLayout(description()).total()) {}

std::uint64_t Registers::load(std::size_t offset) const {
  std::uint64_t value;
  std::memcpy(&value, bytes_.data() + offset, sizeof value);
  return value;
}
void Registers::store(std::size_t offset, std::uint64_t value) {
  std::memcpy(bytes_.data() + offset, &value, sizeof value);
}

// From the instruction set's numbering to GDB's.
static std::size_t place(unsigned encoding) {
  static constexpr std::array<std::size_t, 8> low{0, 2, 3, 1, 7, 6, 4, 5};
  return 8 * (encoding < 8 ? low[encoding] : encoding);
}
std::uint64_t Registers::general(unsigned encoding) const { return load(place(encoding)); }
void Registers::set_general(unsigned encoding, std::uint64_t value) { store(place(encoding), value); }
std::uint64_t Registers::rip() const { return load(rip_offset); }
void Registers::set_rip(std::uint64_t value) { store(rip_offset, value); }
bool Registers::zero() const { return (bytes_[eflags_offset] & zero_flag) != 0; }
void Registers::set_zero(bool zero) {
  bytes_[eflags_offset] = static_cast<std::uint8_t>((bytes_[eflags_offset] & ~zero_flag) | (zero ? zero_flag : 0));
}

void Machine::reset() {
  ram_.assign(ram_size, 0);
  rom_.assign(rom_size, 0x5a);
  history_.clear();
  accesses_.clear();
  for (const Piece& piece : program()) write(piece.address, piece.bytes);
  for (std::size_t i = 0; i < threads; ++i) {
    registers_[i] = Registers();
    registers_[i].set_rip(i == 0 ? 0x1000 : 0x1080);
    registers_[i].set_general(4, i == 0 ? 0x8000 : 0x9000);
    registers_[i].bytes()[eflags_offset] = 2;
  }
}

std::uint64_t Machine::writable(std::uint64_t address, std::uint64_t length) const {
  return address < ram_size ? std::min(length, ram_size - address) : 0;
}
std::uint64_t Machine::readable(std::uint64_t address, std::uint64_t length) const {
  const std::uint64_t in_rom = address - rom_start;
  return in_rom < rom_size ? std::min(length, rom_size - in_rom) : writable(address, length);
}
void Machine::read(std::uint64_t address, MutableBytes out) const {
  const std::uint8_t* const from = address < ram_size ? ram_.data() + address : rom_.data() + (address - rom_start);
  std::copy_n(from, out.size(), out.begin());
}
void Machine::write(std::uint64_t address, Bytes bytes) {
  std::ranges::copy(bytes, ram_.begin() + static_cast<std::ptrdiff_t>(address));
}

// An instruction being executed. An access to missing memory throws the fault.
class Execution {
 public:
  Execution(Machine& machine, Registers& registers) : machine_(machine), registers_(registers), at_(registers.rip()) {}

  Outcome run() {
    const std::uint64_t start = at_;
    Outcome outcome = decode();
    const bool moved = !std::holds_alternative<outcome::Invalid>(outcome);
    registers_.set_rip(moved ? at_ : start);
    return outcome;
  }
  std::uint64_t written_at() const { return written_at_; }
  const std::vector<std::uint8_t>& overwritten() const { return overwritten_; }

 private:
  Outcome decode() {
    std::uint8_t op = fetch<std::uint8_t>();
    if ((op & 0xf0) == 0x40) {
      rex_ = op;
      op = fetch<std::uint8_t>();
    }
    const unsigned low = (op & 7u) | ((rex_ & 1u) << 3);
    if (op >= 0x50 && op <= 0x57) return push(registers_.general(low));
    if (op >= 0x58 && op <= 0x5f) return set(low, pop());
    if (op >= 0xb8 && op <= 0xbf) return set(low, (rex_ & 8) != 0 ? fetch<std::uint64_t>() : fetch<std::uint32_t>());
    switch (op) {
      case 0x90:
        return outcome::Executed{};
      case 0xcc:
        return outcome::Breakpoint{};
      case 0xf4:
        return outcome::Halted{};
      case 0xc3:
        return jump(pop());
      case 0xe8:
        return call(sign_extended<std::int32_t>());
      case 0xe9:
        return jump_by(sign_extended<std::int32_t>());
      case 0xeb:
        return jump_by(sign_extended<std::int8_t>());
      case 0x74:
        return jump_if(registers_.zero());
      case 0x75:
        return jump_if(!registers_.zero());
      case 0xe6:
        return output(fetch<std::uint8_t>());
      default:
        return decode_with_operands(op);
    }
  }
  Outcome decode_with_operands(std::uint8_t op) {
    const auto modrm = fetch<std::uint8_t>();
    const unsigned reg = ((modrm >> 3) & 7u) | ((rex_ & 4u) << 1);
    const unsigned rm = (modrm & 7u) | ((rex_ & 1u) << 3);
    const bool is_register = modrm >> 6 == 3;
    const bool is_absolute = (modrm & 0xc7) == 0x04;
    if ((op == 0x89 || op == 0x8b) && is_absolute) {
      if (fetch<std::uint8_t>() != 0x25) return outcome::Invalid{};
      const std::uint64_t address = sign_extended<std::int32_t>();
      if (op == 0x8b) return set(reg, load(address));
      store(address, registers_.general(reg));
      return outcome::Executed{};
    }
    if (!is_register) return outcome::Invalid{};
    const std::uint64_t value = registers_.general(rm);
    switch (op) {
      case 0x01:
        return result(rm, value + registers_.general(reg));
      case 0x29:
        return result(rm, value - registers_.general(reg));
      case 0x31:
        return result(rm, value ^ registers_.general(reg));
      case 0x89:
        return set(rm, registers_.general(reg));
      case 0x8b:
        return set(reg, value);
      case 0xc7:
        return set(rm, sign_extended<std::int32_t>());
      case 0xff:
        return (reg & 7) > 1 ? outcome::Invalid{} : result(rm, (reg & 7) == 0 ? value + 1 : value - 1);
      case 0x83:
        return immediate(reg & 7, rm, sign_extended<std::int8_t>());
      default:
        return outcome::Invalid{};
    }
  }

  Outcome immediate(unsigned operation, unsigned rm, std::uint64_t operand) {
    const std::uint64_t value = registers_.general(rm);
    if (operation == 0) return result(rm, value + operand);
    if (operation == 5) return result(rm, value - operand);
    if (operation != 7) return outcome::Invalid{};
    registers_.set_zero(value == operand);
    return outcome::Executed{};
  }
  Outcome set(unsigned reg, std::uint64_t value) {
    registers_.set_general(reg, value);
    return outcome::Executed{};
  }
  Outcome result(unsigned reg, std::uint64_t value) {
    registers_.set_zero(value == 0);
    return set(reg, value);
  }
  Outcome jump(std::uint64_t target) {
    at_ = target;
    return outcome::Executed{};
  }
  Outcome jump_by(std::uint64_t distance) { return jump(at_ + distance); }
  Outcome jump_if(bool condition) {
    const auto distance = sign_extended<std::int8_t>();
    return condition ? jump_by(distance) : Outcome(outcome::Executed{});
  }
  Outcome call(std::uint64_t distance) {
    push(at_);
    return jump_by(distance);
  }
  Outcome push(std::uint64_t value) {
    store(registers_.general(4) - 8, value);
    return set(4, registers_.general(4) - 8);
  }
  std::uint64_t pop() {
    const std::uint64_t value = load(registers_.general(4));
    set(4, registers_.general(4) + 8);
    return value;
  }
  Outcome output(std::uint8_t port) {
    const auto al = static_cast<std::uint8_t>(registers_.general(0));
    if (port == 0xf4) return outcome::Exited{al};
    if (port == 0xe9) return outcome::Printed{static_cast<char>(al)};
    return outcome::Executed{};
  }

  template <class T>
  T fetch() {
    T value;
    if (machine_.readable(at_, sizeof value) != sizeof value) throw outcome::Fault{at_};
    machine_.read(at_, {reinterpret_cast<std::uint8_t*>(&value), sizeof value});
    at_ += sizeof value;
    return value;
  }
  template <class T>
  std::uint64_t sign_extended() {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(fetch<T>()));
  }
  std::uint64_t load(std::uint64_t address) {
    std::uint64_t value;
    if (machine_.readable(address, sizeof value) != sizeof value) throw outcome::Fault{address};
    machine_.accesses_.push_back({address, sizeof value, false});
    machine_.read(address, {reinterpret_cast<std::uint8_t*>(&value), sizeof value});
    return value;
  }
  void store(std::uint64_t address, std::uint64_t value) {
    if (machine_.writable(address, sizeof value) != sizeof value) throw outcome::Fault{address};
    machine_.accesses_.push_back({address, sizeof value, true});
    written_at_ = address;
    overwritten_.resize(sizeof value);
    machine_.read(address, overwritten_);
    machine_.write(address, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
  }

  Machine& machine_;
  Registers& registers_;
  std::uint64_t at_;
  std::uint8_t rex_ = 0;
  std::uint64_t written_at_ = 0;
  std::vector<std::uint8_t> overwritten_;
};

Outcome Machine::step(std::size_t thread) {
  accesses_.clear();
  const Registers before = registers_[thread];
  Execution execution(*this, registers_[thread]);
  try {
    Outcome outcome = execution.run();
    if (std::holds_alternative<outcome::Invalid>(outcome)) return outcome;
    history_.push_back({thread, before, accesses_, execution.written_at(), execution.overwritten()});
    if (history_.size() > longest_history) history_.pop_front();
    return outcome;
  } catch (const outcome::Fault& fault) {
    registers_[thread] = before;
    return fault;
  }
}

std::optional<std::size_t> Machine::step_back() {
  accesses_.clear();
  if (history_.empty()) return std::nullopt;
  const Undo& undo = history_.back();
  const std::size_t thread = undo.thread;
  registers_[thread] = undo.registers;
  write(undo.address, undo.bytes);
  accesses_ = undo.accesses;
  history_.pop_back();
  return thread;
}

}  // namespace gdbstub::toy
