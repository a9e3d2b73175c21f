// Packets on the wire (GDB manual, "Remote Protocol: Overview"): $payload#checksum, acks, escapes, run lengths.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "gdbstub/types.h"

namespace gdbstub {

// The longest payload taken from a client, in bytes on the wire; offered as PacketSize.
inline constexpr std::size_t packet_size = 0x100000;

namespace wire {
// A whole packet with the right checksum; the payload is unescaped, mutable, and valid until the next call of next().
struct Packet {
  std::span<char> payload;
};
struct Ack {};
struct Nack {};
struct Interrupt {};    // 0x03 between packets
struct BadChecksum {};  // a whole packet, but corrupt
struct Oversize {};     // a whole packet longer than the limit; nothing of it was kept
}  // namespace wire
using WireEvent = std::variant<wire::Packet, wire::Ack, wire::Nack, wire::Interrupt, wire::BadChecksum, wire::Oversize>;

// Cuts a byte stream into events, however it is split. Bytes that belong to nothing are skipped, `$` inside a packet
// starts it anew.
class Decoder {
 public:
  explicit Decoder(std::size_t limit = packet_size) : limit_(limit) {}
  // Consumes `input` from its front up to the end of the first event; nullopt when it is used up before that.
  std::optional<WireEvent> next(Bytes& input);
  // Bytes kept of the packet being received: never more than the limit.
  std::size_t held() const { return payload_.size(); }
  // Forgets a half-received packet.
  void reset();

 private:
  enum class State { Idle, Payload, Escape, ChecksumHigh, ChecksumLow };

  void take_payload(Bytes& input);
  void begin();
  void end_of_payload();
  void keep(char c);
  std::optional<WireEvent> take_idle(std::uint8_t byte);
  std::optional<WireEvent> take_checksum(std::uint8_t byte);

  std::size_t limit_;
  State state_ = State::Idle;
  std::string payload_;
  std::size_t length_ = 0;  // on the wire
  std::uint8_t sum_ = 0;
  int checksum_high_ = 0;
  bool corrupt_ = false;
};

// Characters that a binary payload must not contain as they are.
constexpr bool needs_escape(std::uint8_t byte) { return byte == '#' || byte == '$' || byte == '}' || byte == '*'; }

// Turns `out` from `start` on, where `$payload` or `%payload` stands (already escaped), into a whole packet: shortens
// runs, appends the checksum.
void finish_packet(std::string& out, std::size_t start);

// A whole packet for a payload that may contain any byte.
std::string encode(std::string_view payload);

}  // namespace gdbstub
