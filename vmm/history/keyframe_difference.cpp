#include "vmm/history/keyframe_difference.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace gdbvm::history {

namespace {

using Bytes = std::span<const std::byte>;
using Ram = snapshot::RamImage;
using snapshot::Page;

// Runs of bytes that differ, those that are near each other as one.
struct Run {
  std::uint32_t offset, size;
};

std::vector<Run> runs_of(Bytes before, Bytes after) {
  constexpr std::uint32_t near = sizeof(Run);
  std::vector<Run> runs;
  const auto size = static_cast<std::uint32_t>(after.size());
  for (std::uint32_t at = 0; at < size; ++at) {
    if (before[at] == after[at]) continue;
    if (runs.empty() || at > runs.back().offset + runs.back().size + near) runs.push_back({at, 0});
    runs.back().size = at + 1 - runs.back().offset;
  }
  return runs;
}

void put_changes(StateWriter& to, Bytes before, Bytes after) {
  const auto runs = runs_of(before, after);
  to.put_list(std::span<const Run>(runs));
  for (const Run& run : runs) to.put_bytes(after.subspan(run.offset, run.size));
}

void get_changes(StateReader& from, std::span<std::byte> into) {
  for (const Run& run : from.get_list<Run>()) {
    if (run.offset > into.size() || run.size > into.size() - run.offset) throw StateError("a change is out of place");
    std::ranges::copy(from.take(run.size), into.begin() + run.offset);
  }
}

void put_states(StateWriter& to, const std::vector<std::byte>& before, const std::vector<std::byte>& after) {
  to.put(std::uint64_t{after.size()});
  if (before.size() == after.size()) return put_changes(to, before, after);
  to.put_bytes(after);
}

std::vector<std::byte> get_states(StateReader& from, std::vector<std::byte> states) {
  const auto size = from.get<std::uint64_t>();
  if (size == states.size()) {
    get_changes(from, states);
    return states;
  }
  const Bytes whole = from.take(size);
  return {whole.begin(), whole.end()};
}

void put_disk(StateWriter& to, const BlockMap& before, const BlockMap& after) {
  StateWriter blocks;
  std::uint64_t count = 0;
  before.differences(after, [&](std::uint64_t number, const DiskBlock*, const DiskBlock* there) {
    ++count;
    blocks.put(number);
    blocks.put(static_cast<std::uint8_t>(there != nullptr));
    if (there) blocks.put(*there);
  });
  to.put(count);
  to.put_bytes(blocks.bytes());
}

constexpr std::chrono::nanoseconds unknown{-1};

std::int64_t count_of(std::chrono::nanoseconds time) { return time.count(); }
std::chrono::nanoseconds get_time(StateReader& from) { return std::chrono::nanoseconds(from.get<std::int64_t>()); }

}  // namespace

Keyframe KeyframeDifferences::blank(Ram ram) const {
  Keyframe blank{.machine = {{}, {}, std::move(ram)}};
  blank.typed.resize(machine_.chipset().serial_ports.size());
  for (VersionedDisk* disk : machine_.chipset().disks) blank.machine.disks.push_back(disk->contents());
  return blank;
}

void KeyframeDifferences::put(StateWriter& to, const Keyframe& before, const Keyframe& keyframe) const {
  to.put(keyframe.event);
  to.put(std::uint64_t{keyframe.met});
  to.put(static_cast<std::uint8_t>(keyframe.at_start));
  to.put(static_cast<std::uint8_t>(keyframe.at_meeting));
  for (const auto time : {keyframe.time, keyframe.cpu_time, keyframe.clock}) to.put(count_of(time));
  to.put(count_of(keyframe.since_met.value_or(unknown)));
  to.put(keyframe.general);
  to.put(keyframe.system);
  to.put(keyframe.extended);
  for (const auto& waiting : keyframe.typed) to.put_list(std::span<const std::uint8_t>(waiting));
  put_states(to, before.machine.states, keyframe.machine.states);
  for (std::size_t i = 0; i < keyframe.machine.disks.size(); ++i)
    put_disk(to, before.machine.disks[i].written, keyframe.machine.disks[i].written);
  put_ram(to, before.machine.ram, keyframe.machine.ram);
}

Keyframe KeyframeDifferences::get(StateReader& from, const Keyframe& before) {
  Keyframe keyframe = before;
  keyframe.event = from.get<Event>();
  keyframe.met = from.get<std::uint64_t>();
  keyframe.at_start = from.get<std::uint8_t>() != 0;
  keyframe.at_meeting = from.get<std::uint8_t>() != 0;
  for (auto* time : {&keyframe.time, &keyframe.cpu_time, &keyframe.clock}) *time = get_time(from);
  const auto since_met = get_time(from);
  keyframe.since_met = since_met == unknown ? std::nullopt : std::optional(since_met);
  keyframe.general = from.get<x86::GeneralRegisters>();
  keyframe.system = from.get<x86::SystemRegisters>();
  keyframe.extended = from.get<std::uint64_t>();
  for (auto& waiting : keyframe.typed) waiting = from.get_list<std::uint8_t>();
  keyframe.machine.states = get_states(from, std::move(keyframe.machine.states));
  StateReader states(keyframe.machine.states);
  machine_.chipset().states.restore(states);
  for (std::size_t i = 0; i < keyframe.machine.disks.size(); ++i) {
    const std::uint64_t bytes = machine_.chipset().disks[i]->sectors() * DiskImage::sector_size;
    get_disk(from, (bytes + disk_block_size - 1) / disk_block_size, keyframe.machine.disks[i]);
  }
  keyframe.machine.ram = get_ram(from, before.machine.ram);
  if (!from.empty()) throw StateError("a keyframe is longer than it should be");
  return keyframe;
}

void KeyframeDifferences::get_disk(StateReader& from, std::uint64_t blocks, DiskContents& into) const {
  for (auto count = from.get<std::uint64_t>(); count > 0; --count) {
    const auto number = from.get<std::uint64_t>();
    if (number >= blocks) throw StateError("a disk has a block beyond its end");
    const bool present = from.get<std::uint8_t>() != 0;
    into.written.set(number, present ? std::make_shared<const DiskBlock>(from.get<DiskBlock>()) : nullptr);
  }
}

void KeyframeDifferences::put_ram(StateWriter& to, const Ram& before, const Ram& after) const {
  StateWriter pages;
  std::uint64_t count = 0;
  ram_.changes(before, after, [&](std::uint64_t number, const Page& was, const Page& is) {
    ++count;
    pages.put(number);
    put_changes(pages, was, is);
  });
  to.put(count);
  to.put_bytes(pages.bytes());
}

Ram KeyframeDifferences::get_ram(StateReader& from, const Ram& before) {
  std::vector<std::pair<std::uint64_t, Page>> pages;
  for (auto count = from.get<std::uint64_t>(); count > 0; --count) {
    const auto number = from.get<std::uint64_t>();
    const bool ascends = pages.empty() || number > pages.back().first;
    if (number >= machine_.memory().pages() || !ascends) throw StateError("a page of RAM is out of place");
    pages.emplace_back(number, ram_.page(before, number));
    get_changes(from, pages.back().second);
  }
  return ram_.with(before, pages);
}

}  // namespace gdbvm::history
