#include "vmm/devices/ide/drive.h"

#include <algorithm>

#include "vmm/devices/ide/commands.h"
#include "vmm/devices/ide/identify.h"

namespace gdbvm::ide {

namespace {
constexpr std::size_t longest_piece = 128 * 1024;  // 256 sectors
constexpr std::uint8_t idle_status = ready | seek_done;
}  // namespace

std::uint8_t Drive::read(unsigned number) const { return state_.registers[number & 7]; }

void Drive::write(unsigned number, std::uint8_t value) {
  number &= 7;
  if (number == port::error) {  // features
    state_.before[port::features] = value;
    return;
  }
  if (number != port::device) state_.before[number] = at(number);
  at(number) = value;
}

void Drive::execute(std::uint8_t command) {
  state_.source = idle;
  state_.dma = static_cast<std::uint8_t>(Dma::None);
  state_.left = 0;
  buffer_.clear();
  acknowledge();
  if (!performs(command)) perform(command);
}

bool Drive::performs(std::uint8_t command) {
  switch (command) {
    case set_features_command:
      accepts_feature(before(port::features), at(port::count), settings().transfer_mode) ? succeed() : fail(aborted);
      return true;
    case check_power:
      at(port::count) = 0xff;  // active
      succeed();
      return true;
    case standby_now:
    case idle_now:
      succeed();
      return true;
    default:
      return false;
  }
}

void Drive::reset() {
  const Settings kept = settings();
  state_ = {};
  settings() = kept;
  buffer_.clear();
  at(port::status) = idle_status;
  at(port::error) = 1;  // diagnosed, and well
  at(port::count) = at(port::low) = 1;
  put_signature();
}

void Drive::power_on() {
  settings() = at_power_on_;
  reset();
}

void Drive::start_with(const Settings& settings) {
  at_power_on_ = settings;
  power_on();
}

void Drive::succeed() {
  at(port::status) = idle_status;
  at(port::error) = 0;
  state_.source = idle;
  state_.dma = static_cast<std::uint8_t>(Dma::None);
  state_.interrupt = 1;
}

void Drive::fail(std::uint8_t why) {
  succeed();
  at(port::status) = idle_status | failed;
  at(port::error) = why;
}

void Drive::send(Bytes bytes, Way way, std::size_t piece) {
  buffer_ = std::move(bytes);
  begin(memory_to_host, 0, buffer_.size(), way, piece);
}
void Drive::send_disk(std::uint64_t offset, std::uint64_t size, Way way, std::size_t piece) {
  begin(disk_to_host, offset, size, way, piece);
}
void Drive::receive(std::size_t size) { begin(host_to_memory, 0, size, Way::Port, size); }
void Drive::receive_disk(std::uint64_t offset, std::uint64_t size, Way way, std::size_t piece) {
  begin(host_to_disk, offset, size, way, piece);
}

void Drive::begin(Source source, std::uint64_t offset, std::uint64_t size, Way way, std::size_t piece) {
  state_.source = source;
  state_.offset = offset;
  state_.left = size;
  state_.at = state_.piece_end = 0;
  state_.piece = static_cast<std::uint32_t>(std::clamp<std::size_t>(piece, 1, longest_piece));
  at(port::error) = 0;
  at(port::status) = idle_status | requests_data;
  if (size == 0) {
    state_.source = idle;
    return all_sent();
  }
  if (way == Way::Dma) {
    state_.dma = static_cast<std::uint8_t>(to_host() ? Dma::ToMemory : Dma::FromMemory);
    return;
  }
  begin_piece();
  if (!to_host()) acknowledge();  // the first piece is asked for by the status alone
}

// With data for the data port in the buffer, or room for them.
void Drive::begin_piece() {
  const auto size = static_cast<std::uint32_t>(std::min<std::uint64_t>(state_.piece, state_.left));
  state_.left -= size;
  if (state_.source != memory_to_host) {  // which has all of its pieces in the buffer
    buffer_.assign(size, 0);
    state_.at = state_.piece_end = 0;
  }
  state_.piece_end += size;
  if (state_.source == disk_to_host) {
    if (!read_disk(state_.offset, buffer_)) return fail(uncorrectable);
    state_.offset += size;
  }
  at(port::status) = idle_status | requests_data;
  state_.interrupt = 1;
  if (to_host()) piece_begins(size);
}

void Drive::piece_ended() {
  if (state_.source == host_to_disk) {
    if (!write_disk(state_.offset, buffer_)) return fail(uncorrectable);
    state_.offset += buffer_.size();
  }
  if (state_.left > 0) return begin_piece();
  const Source source = static_cast<Source>(state_.source);
  state_.source = idle;
  at(port::status) = idle_status;
  if (source == host_to_disk) return succeed();
  if (source == host_to_memory) return received(Bytes(buffer_));
  all_sent();
}

void Drive::read_data(std::span<std::uint8_t> out) {
  std::ranges::fill(out, std::uint8_t{0xff});
  if (dma() != Dma::None || !to_host()) return;
  const std::size_t size = std::min<std::size_t>(out.size(), state_.piece_end - state_.at);
  std::copy_n(buffer_.begin() + state_.at, size, out.begin());
  state_.at += static_cast<std::uint32_t>(size);
  if (state_.at == state_.piece_end) piece_ended();
}

void Drive::write_data(std::span<const std::uint8_t> bytes) {
  if (dma() != Dma::None || to_host() || state_.source == idle) return;
  const std::size_t size = std::min<std::size_t>(bytes.size(), state_.piece_end - state_.at);
  std::copy_n(bytes.begin(), size, buffer_.begin() + state_.at);
  state_.at += static_cast<std::uint32_t>(size);
  if (state_.at == state_.piece_end) piece_ended();
}

void Drive::dma_to_memory(std::span<std::uint8_t> out) {
  if (state_.source == disk_to_host) {
    if (!read_disk(state_.offset, out)) return fail(uncorrectable);
    state_.offset += out.size();
  } else {
    std::copy_n(buffer_.begin() + state_.at, out.size(), out.begin());
    state_.at = state_.piece_end = state_.at + static_cast<std::uint32_t>(out.size());
  }
  state_.left -= out.size();
  if (state_.left > 0) return;
  at(port::status) = idle_status;
  state_.dma = static_cast<std::uint8_t>(Dma::None);
  state_.source = idle;
  all_sent();
  state_.interrupt = 1;
}

void Drive::dma_from_memory(std::span<const std::uint8_t> bytes) {
  if (!write_disk(state_.offset, bytes)) return fail(uncorrectable);
  state_.offset += bytes.size();
  state_.left -= bytes.size();
  if (state_.left == 0) succeed();
}

// What lies beyond the disk's own end, where the drive is larger, is zeros.
bool Drive::read_disk(std::uint64_t offset, std::span<std::uint8_t> out) const {
  const std::uint64_t size = disk_.sectors() * DiskImage::sector_size;
  const auto there = static_cast<std::size_t>(std::min<std::uint64_t>(size - std::min(offset, size), out.size()));
  std::ranges::fill(out.subspan(there), std::uint8_t{0});
  return there == 0 || disk_.read(offset, out.first(there));
}

bool Drive::write_disk(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  const std::uint64_t size = disk_.sectors() * DiskImage::sector_size;
  return offset <= size && bytes.size() <= size - offset && disk_.write(offset, bytes);
}

void Drive::save(StateWriter& to) const {
  to.put(state_);
  to.put_list(std::span<const std::uint8_t>(buffer_));
}

// Whether the transfer keeps to its buffer.
bool Drive::is_possible(const State& state, std::size_t buffer) {
  const auto way = static_cast<Dma>(state.dma);
  if (state.source == idle) return way == Dma::None;
  if (state.source > host_to_disk || way > Dma::FromMemory) return false;
  if (way == Dma::ToMemory && state.source != memory_to_host && state.source != disk_to_host) return false;
  if (way == Dma::FromMemory && state.source != host_to_disk) return false;
  if (buffer > longest_piece || state.piece < 1 || state.piece > longest_piece) return false;
  if (state.at > state.piece_end || state.piece_end > buffer) return false;
  if (state.source == memory_to_host) return state.left <= buffer - state.piece_end;
  return way != Dma::None || state.piece_end == buffer;
}

void Drive::restore(StateReader& from) {
  const auto state = from.get<State>();
  auto buffer = from.get_list<std::uint8_t>();
  if (!is_possible(state, buffer.size())) throw StateError("a transfer that no drive has");
  state_ = state;
  buffer_ = std::move(buffer);
}

}  // namespace gdbvm::ide
