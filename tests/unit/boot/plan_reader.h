// Reads guest memory as a boot plan would leave it, for tests of what kernels are passed.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "vmm/boot/boot_plan.h"
#include "vmm/boot/load_options.h"

namespace gdbvm::boot {

class PlanReader {
 public:
  explicit PlanReader(const BootPlan& plan) : plan_(plan) {}

  // 0 where the plan places nothing.
  std::uint8_t byte(std::uint64_t address) const {
    for (const Placement& p : plan_.placements) {
      if (address - p.start.value < p.bytes.size()) return p.bytes[address - p.start.value];
    }
    return 0;
  }
  template <class T>
  T at(std::uint64_t address) const {
    std::uint8_t bytes[sizeof(T)];
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = byte(address + i);
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }
  std::uint32_t u32(std::uint64_t address) const { return at<std::uint32_t>(address); }
  std::uint64_t u64(std::uint64_t address) const { return at<std::uint64_t>(address); }
  std::string string(std::uint64_t address) const {
    std::string text;
    while (const std::uint8_t c = byte(address + text.size())) text += static_cast<char>(c);
    return text;
  }
  std::string bytes(std::uint64_t address, std::uint64_t size) const {
    std::string text;
    while (text.size() < size) text += static_cast<char>(byte(address + text.size()));
    return text;
  }

 private:
  const BootPlan& plan_;
};

inline std::vector<std::uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }
inline Module module_of(const std::string& name, const std::string& contents, const std::string& line = {}) {
  return {name, line, bytes_of(contents)};
}
inline LoadOptions options_of(const std::string& name, const std::string& line, std::vector<Module> modules) {
  LoadOptions o;
  o.name = name;
  o.command_line = line;
  o.modules = std::move(modules);
  return o;
}
// 32-bit words, little-endian.
inline std::string words(std::initializer_list<std::uint32_t> values) {
  std::string out;
  for (const std::uint32_t v : values) out.append(reinterpret_cast<const char*>(&v), sizeof v);
  return out;
}

}  // namespace gdbvm::boot
