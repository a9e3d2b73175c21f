// A controller at its ports, as a driver uses it.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/devices/disk_file.h"
#include "tests/unit/devices/saved_state.h"
#include "vmm/devices/ide/ata_disk.h"
#include "vmm/devices/ide/cdrom.h"
#include "vmm/devices/ide/controller.h"
#include "vmm/memory/guest_memory.h"

namespace gdbvm::ide {

class IdeTest : public testing::Test {
 protected:
  static constexpr std::uint64_t memory_size = 64 * page_size;
  static constexpr std::uint16_t master_ports = 0xc000;
  static constexpr std::uint8_t drq = 0x58, well = 0x50, wrong = 0x51;

  IdeTest() {
    for (unsigned i = 0; i < Controller::channels; ++i) {
      const auto offset = static_cast<std::uint16_t>(i * Controller::channel_offset);
      bus.attach(Controller::command_ports[i], Controller::command_port_count, controller, offset);
      bus.attach(Controller::control_ports[i], 1, controller,
                 static_cast<std::uint16_t>(offset + Controller::control_offset));
    }
    bus.attach_movable(controller.bus_master_port(), Controller::bus_master_ports, controller,
                       Controller::bus_master_offset);
  }

  template <class T>
  void out(std::uint16_t port, T value) {
    bus.write(port, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
  }
  template <class T = std::uint8_t>
  T in(std::uint16_t port) {
    T value = 0;
    bus.read(port, {reinterpret_cast<std::uint8_t*>(&value), sizeof value});
    return value;
  }
  void reg(unsigned number, unsigned value) {
    out(static_cast<std::uint16_t>(base + number), static_cast<std::uint8_t>(value));
  }
  unsigned reg(unsigned number) { return in(static_cast<std::uint16_t>(base + number)); }
  // By block number, and the status afterwards, which leaves the interrupt.
  unsigned command(std::uint8_t code, std::uint32_t block, unsigned number) {
    reg(port::count, number);
    reg(port::low, block & 0xff);
    reg(port::mid, block >> 8 & 0xff);
    reg(port::high, block >> 16 & 0xff);
    reg(port::device, 0xe0 | block >> 24);
    return command(code);
  }
  unsigned command(std::uint8_t code) {
    reg(port::status, code);
    return alternate();
  }
  unsigned alternate() { return in(static_cast<std::uint16_t>(base + 0x206)); }
  std::string read(std::size_t size) {
    std::string text(size, '\0');
    bus.read_string(base, 2, {reinterpret_cast<std::uint8_t*>(text.data()), size});
    return text;
  }
  void write(std::string text, std::size_t size) {
    text.resize(size);
    bus.write_string(base, 2, {reinterpret_cast<const std::uint8_t*>(text.data()), size});
  }
  // A bus master's table of descriptors at 0x1000: address, size, and whether it is the last.
  void table(std::initializer_list<std::array<std::uint32_t, 2>> descriptors) {
    std::uint64_t at = 0x1000;
    for (const auto& descriptor : descriptors) {
      std::array<std::uint32_t, 2> words{descriptor[0], descriptor[1] & 0xffff};
      if (&descriptor == descriptors.end() - 1) words[1] |= 1u << 31;
      memory.write({at}, {reinterpret_cast<const std::uint8_t*>(words.data()), sizeof words});
      at += sizeof words;
    }
    out(master_ports + 4, std::uint32_t{0x1000});
  }
  std::string in_memory(std::uint64_t at, std::size_t size) {
    return {reinterpret_cast<const char*>(memory.at({at}, size)), size};
  }
  void put_in_memory(std::uint64_t at, const std::string& text) {
    memory.write({at}, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }

  std::uint16_t base = 0x1f0;
  GuestMemory memory{memory_size};
  std::array<bool, 2> line{};
  Controller controller{memory, {[this](bool level) { line[0] = level; }, [this](bool level) { line[1] = level; }}};
  Bus bus;
};

// A file with a text at the start of a sector of 512 bytes.
inline void put_sector(const DiskFile& file, std::uint64_t number, const std::string& text) {
  std::fstream stream(file.path(), std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(static_cast<std::streamoff>(number * 512));
  stream << text;
}

}  // namespace gdbvm::ide
