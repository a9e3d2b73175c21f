#include "vmm/devices/ide/controller.h"

#include <algorithm>

#include "vmm/devices/ide/commands.h"

namespace gdbvm::ide {

namespace {

constexpr std::uint8_t no_interrupts = 2, soft_reset = 4;  // the control register
constexpr std::uint8_t second_drive = 0x10;                // in the device register
constexpr std::uint8_t nobody = 0xff;

// As firmware leaves it: both channels are on, and so are the ports of the bus masters.
PciFunction ide_function() {
  PciFunction function({.vendor = 0x8086, .device = 0x7010, .class_code = 0x010180, .has_siblings = true});
  constexpr std::uint32_t ports_on = 1, masters_on = 4;
  function.set(0x04, ports_on | masters_on, 2, ports_on | masters_on);
  function.set(0x20, 0xc001, 4, ~std::uint32_t{0xf});
  function.set(0x3c, 0, 1, 0xff);
  function.set(0x40, 0x8000'8000, 4, 0xffff'ffff);  // timings
  return function;
}

}  // namespace

Controller::Controller(GuestMemory& memory, Lines interrupts)
    : interrupts_(std::move(interrupts)), function_(ide_function()), channels_{Channel(memory), Channel(memory)} {
  const auto place = [this] {
    const std::uint32_t port = function_.word(0x20) & ~std::uint32_t{0xf};
    const bool there = function_.word(0x04) & 1 && port <= 0xffff;
    bus_master_port_ = static_cast<std::uint16_t>(there ? port : 0);
  };
  function_.set_observer(place);
  place();
}

void Controller::set_drive(unsigned number, std::unique_ptr<Drive> drive) {
  channels_.at(number / drives).drive.at(number % drives) = std::move(drive);
}

// A drive that is alone answers for one that is not there, with zeros.
std::uint8_t Controller::status_of(const Channel& channel) {
  if (channel.empty()) return nobody;
  if (channel.control & soft_reset) return busy;
  const Drive* drive = channel.present();
  return drive ? drive->status_now() : std::uint8_t{0};
}

std::uint8_t Controller::read_register(Channel& channel, unsigned number) {
  Drive* const drive = channel.present();
  if (number == port::status) {
    if (drive) drive->acknowledge();
    return status_of(channel);
  }
  if (channel.empty()) return nobody;
  return drive ? drive->read(number) : std::uint8_t{0};
}

void Controller::write_register(Channel& channel, unsigned number, std::uint8_t value) {
  if (number == port::command) return execute(channel, value);
  if (number == port::device) channel.selected = value & second_drive ? 1 : 0;
  for (const auto& drive : channel.drive) {
    if (drive) drive->write(number, value);
  }
}

void Controller::execute(Channel& channel, std::uint8_t command) {
  if (channel.control & soft_reset) return;
  if (command == diagnose) {
    for (const auto& drive : channel.drive) {
      if (drive) drive->reset();
    }
    channel.selected = 0;
    if (channel.drive[0]) channel.drive[0]->raise();
    return;
  }
  if (Drive* drive = channel.present()) drive->execute(command);
}

void Controller::write_control(Channel& channel, std::uint8_t value) {
  const bool ends = channel.control & soft_reset && !(value & soft_reset);
  channel.control = value & (no_interrupts | soft_reset);
  if (!ends) return;
  channel.selected = 0;
  for (const auto& drive : channel.drive) {
    if (drive) drive->reset();
  }
}

// After each access: the bus master goes on, and the line follows the drive.
void Controller::settle(unsigned number) {
  Channel& channel = channels_[number];
  channel.master.run(channel.present());
  const bool level = channel.present() && channel.present()->interrupt() && !(channel.control & no_interrupts);
  if (level == channel.interrupting) return;
  channel.interrupting = level;
  if (level) channel.master.note_interrupt();
  interrupts_[number](level);
}

void Controller::read(std::uint16_t offset, std::span<std::uint8_t> out) {
  const std::lock_guard lock(mutex_);
  if (offset >= bus_master_offset) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      const std::size_t at = (offset - bus_master_offset + i) % bus_master_ports;
      out[i] = channels_[at / BusMaster::ports].master.read(at % BusMaster::ports);
    }
    return;
  }
  const unsigned number = offset / channel_offset, first = offset % channel_offset;
  Channel& channel = channels_[number];
  std::ranges::fill(out, nobody);
  if (first == port::data) {
    if (Drive* drive = channel.present()) drive->read_data(out);
  } else {
    for (std::size_t i = 0; i < out.size(); ++i) {
      const std::size_t at = first + i;
      out[i] = at >= control_offset ? status_of(channel) : read_register(channel, static_cast<unsigned>(at));
    }
  }
  settle(number);
}

void Controller::write(std::uint16_t offset, std::span<const std::uint8_t> bytes) {
  const std::lock_guard lock(mutex_);
  if (offset >= bus_master_offset) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const std::size_t at = (offset - bus_master_offset + i) % bus_master_ports;
      channels_[at / BusMaster::ports].master.write(at % BusMaster::ports, bytes[i]);
      settle(static_cast<unsigned>(at / BusMaster::ports));
    }
    return;
  }
  const unsigned number = offset / channel_offset, first = offset % channel_offset;
  Channel& channel = channels_[number];
  if (first == port::data) {
    if (Drive* drive = channel.present()) drive->write_data(bytes);
  } else {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const std::size_t at = first + i;
      at >= control_offset ? write_control(channel, bytes[i])
                           : write_register(channel, static_cast<unsigned>(at), bytes[i]);
    }
  }
  settle(number);
}

void Controller::reset() {
  const std::lock_guard lock(mutex_);
  for (unsigned number = 0; number < channels; ++number) {
    Channel& channel = channels_[number];
    for (const auto& drive : channel.drive) {
      if (drive) drive->power_on();
    }
    channel.master.reset();
    channel.selected = channel.control = 0;
    settle(number);
  }
}

void Controller::save(StateWriter& to) const {
  const std::lock_guard lock(mutex_);
  for (const Channel& channel : channels_) {
    to.put(std::array<std::uint8_t, 3>{channel.selected, channel.control, channel.interrupting});
    channel.master.save(to);
    for (const auto& drive : channel.drive) {
      if (drive) drive->save(to);
    }
  }
}

void Controller::restore_channels(StateReader& from) {
  for (Channel& channel : channels_) {
    const auto [selected, control, interrupting] = from.get<std::array<std::uint8_t, 3>>();
    channel.selected = selected & 1;
    channel.control = control & (no_interrupts | soft_reset);
    channel.interrupting = interrupting != 0;
    channel.master.restore(from);
    for (const auto& drive : channel.drive) {
      if (drive) drive->restore(from);
    }
  }
}

void Controller::restore(StateReader& from) {
  StateWriter before;
  save(before);
  const std::lock_guard lock(mutex_);
  try {
    restore_channels(from);
  } catch (const StateError&) {
    StateReader own(before.bytes());
    restore_channels(own);
    throw;
  }
}

}  // namespace gdbvm::ide
