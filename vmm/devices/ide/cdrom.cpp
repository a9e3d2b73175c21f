#include "vmm/devices/ide/cdrom.h"

#include <algorithm>
#include <limits>
#include <span>
#include <string_view>

#include "vmm/devices/ide/commands.h"
#include "vmm/devices/ide/identify.h"
#include "vmm/memory/big_endian.h"

namespace gdbvm::ide {

namespace {

enum Packet : std::uint8_t {
  test_unit_ready = 0x00,
  request_sense = 0x03,
  inquiry_packet = 0x12,
  start_stop = 0x1b,
  prevent_removal = 0x1e,
  read_capacity = 0x25,
  read_10 = 0x28,
  seek_10 = 0x2b,
  read_contents = 0x43,
  mode_sense_10 = 0x5a,
  read_12 = 0xa8,
};
constexpr std::size_t packet_size = 12;
constexpr std::uint8_t wants_dma = 1;                                             // features
constexpr std::uint8_t is_command = 1, is_to_host = 2;                            // the interrupt reason, in the count
constexpr std::uint8_t illegal_request = 5;                                       // sense keys
constexpr std::uint8_t bad_command = 0x20, bad_address = 0x21, bad_field = 0x24;  // additional codes

}  // namespace

Cdrom::Cdrom(const std::string& path) : Drive(path, DiskMode::ReadOnly) { start_with({}); }

std::uint32_t Cdrom::blocks() const {
  constexpr std::uint64_t sectors = block_size / DiskImage::sector_size;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>((disk().sectors() + sectors - 1) / sectors, std::numeric_limits<std::uint32_t>::max()));
}

void Cdrom::put_signature() {
  at(port::mid) = 0x14;
  at(port::high) = 0xeb;
}

void Cdrom::perform(std::uint8_t command) {
  switch (command) {
    case packet_command:
      at(port::count) = is_command;
      return receive(packet_size);
    case identify_packet:
      return send(identify_cd(name(), settings().transfer_mode), Way::Port, identity_size);
    case device_reset:
      return reset();
    default:  // among them IDENTIFY DEVICE, which is how hosts find out
      put_signature();
      return fail(aborted);
  }
}

Cdrom::Way Cdrom::way() const { return before(port::features) & wants_dma ? Way::Dma : Way::Port; }

// The host says in the byte count how much it takes at once: even, but for the last.
void Cdrom::piece_begins(std::size_t size) {
  at(port::count) = is_to_host;
  at(port::mid) = static_cast<std::uint8_t>(size);
  at(port::high) = static_cast<std::uint8_t>(size >> 8);
}

void Cdrom::all_sent() {
  at(port::count) = is_to_host | is_command;
  succeed();
}

void Cdrom::refuse(std::uint8_t key, std::uint8_t code) {
  settings().sense = static_cast<std::uint32_t>(key << 8 | code);
  at(port::count) = is_to_host | is_command;
  fail(static_cast<std::uint8_t>(key << 4 | aborted));
}

namespace {
std::size_t piece_of(std::uint32_t byte_count) {
  constexpr std::uint32_t most = 0xfffe;
  return byte_count < 2 ? most : std::min(byte_count & ~1u, most);
}
}  // namespace

void Cdrom::answer(Bytes bytes, std::size_t wanted) {
  bytes.resize(std::min(bytes.size(), wanted));
  send(std::move(bytes), way(), piece_of(at(port::mid) | at(port::high) << 8));
}

void Cdrom::read_blocks(std::uint32_t first, std::uint32_t number) {
  if (first > blocks() || number > blocks() - first) return refuse(illegal_request, bad_address);
  send_disk(first * block_size, number * block_size, way(), piece_of(at(port::mid) | at(port::high) << 8));
}

Drive::Bytes Cdrom::sense() const {
  Bytes bytes(18);
  bytes[0] = 0x70;
  bytes[2] = static_cast<std::uint8_t>(settings().sense >> 8);
  bytes[7] = 10;  // further bytes
  bytes[12] = static_cast<std::uint8_t>(settings().sense);
  return bytes;
}

Drive::Bytes Cdrom::inquiry() const {
  Bytes bytes{5, 0x80, 0, 0x21, 31, 0, 0, 0};  // a CD, removable, ATAPI, further bytes
  for (const char c : std::string_view("gdbvm   CD-ROM          1   ")) bytes.push_back(static_cast<std::uint8_t>(c));
  return bytes;
}

Drive::Bytes Cdrom::capacity() const {
  Bytes bytes;
  put_big_endian(bytes, blocks() - 1, 4);
  put_big_endian(bytes, block_size, 4);
  return bytes;
}

std::optional<Drive::Bytes> Cdrom::table_of_contents(const Bytes& packet) const {
  constexpr std::uint8_t data_track = 0x14, lead_out = 0xaa, in_minutes = 2;
  const std::uint8_t format = packet[2] & 0xf ? packet[2] & 0xf : packet[9] >> 6, from = packet[6];
  if (format > 1 || (from > 1 && from != lead_out)) return std::nullopt;
  const auto place = [&](std::uint32_t block) {
    if (!(packet[1] & in_minutes)) return block;
    constexpr std::uint32_t second = 75, minute = 60 * second, lead_in = 2 * second;
    const std::uint32_t frame = block + lead_in;
    return frame / minute << 16 | frame % minute / second << 8 | frame % second;
  };
  Bytes tracks{1, 1};  // the first and the last; of format 1, sessions
  const auto add = [&](std::uint8_t number, std::uint32_t block) {
    tracks.insert(tracks.end(), {0, data_track, number, 0});
    put_big_endian(tracks, place(block), 4);
  };
  if (format == 1 || from != lead_out) add(1, 0);
  if (format == 0) add(lead_out, blocks());
  Bytes bytes;
  put_big_endian(bytes, static_cast<std::uint32_t>(tracks.size()), 2);
  bytes.insert(bytes.end(), tracks.begin(), tracks.end());
  return bytes;
}

std::optional<Drive::Bytes> Cdrom::mode_page(std::uint8_t page) {
  constexpr std::uint8_t recovery = 0x01, capabilities = 0x2a, all = 0x3f;
  Bytes pages;
  if (page == recovery || page == all) pages.insert(pages.end(), {recovery, 6, 0, 5, 0, 0, 0, 0});
  if (page == capabilities || page == all) {
    // Reads CD-R; multi-session; a tray that can be locked; its speed in kB/s.
    pages.insert(pages.end(), {capabilities, 18, 0x03, 0, 0x40, 0, 0x29, 0, 0x16, 0, 0, 0, 0, 0, 0x16, 0, 0, 0, 0, 0});
  }
  if (pages.empty()) return std::nullopt;
  Bytes bytes;
  put_big_endian(bytes, static_cast<std::uint32_t>(pages.size() + 6), 2);
  bytes.resize(8);
  bytes[2] = 0x01;  // a data disc of 120 mm
  bytes.insert(bytes.end(), pages.begin(), pages.end());
  return bytes;
}

void Cdrom::received(const Bytes& sent) {
  Bytes packet(sent);
  packet.resize(packet_size);
  const auto word = [&](std::size_t first) {
    return static_cast<std::uint32_t>(big_endian(std::span(packet).subspan(first, 4)));
  };
  const std::size_t wanted_10 = big_endian(std::span(packet).subspan(7, 2));
  if (packet[0] == request_sense) {
    answer(sense(), packet[4]);
    settings().sense = 0;
    return;
  }
  settings().sense = 0;
  switch (packet[0]) {
    case test_unit_ready:
    case start_stop:
    case prevent_removal:
    case seek_10:
      return all_sent();
    case inquiry_packet:
      return answer(inquiry(), packet[4]);
    case read_capacity:
      return answer(capacity(), packet_size);
    case read_10:
      return read_blocks(word(2), static_cast<std::uint32_t>(wanted_10));
    case read_12:
      return read_blocks(word(2), word(6));
    case read_contents:
      if (auto contents = table_of_contents(packet)) return answer(std::move(*contents), wanted_10);
      return refuse(illegal_request, bad_field);
    case mode_sense_10:
      if (auto page = mode_page(packet[2] & 0x3f)) return answer(std::move(*page), wanted_10);
      return refuse(illegal_request, bad_field);
    default:
      return refuse(illegal_request, bad_command);
  }
}

}  // namespace gdbvm::ide
