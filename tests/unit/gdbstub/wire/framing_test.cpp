// Packets in and out: splits, bursts, corruption, escapes, run lengths.
#include "gdbstub/wire/framing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace gdbstub {
namespace {

Bytes bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

template <class... F>
struct Overload : F... {
  using F::operator()...;
};

// One word per event; packets as their payload in quotes.
std::string describe(const WireEvent& event) {
  return std::visit(
      Overload{[](const wire::Packet& p) { return "'" + std::string(p.payload.data(), p.payload.size()) + "'"; },
               [](const wire::Ack&) -> std::string { return "ack"; },
               [](const wire::Nack&) -> std::string { return "nack"; },
               [](const wire::Interrupt&) -> std::string { return "interrupt"; },
               [](const wire::BadChecksum&) -> std::string { return "bad"; },
               [](const wire::Oversize&) -> std::string { return "oversize"; }},
      event);
}

std::string decode(Decoder& decoder, std::string_view text) {
  std::string out;
  Bytes input = bytes_of(text);
  while (const auto event = decoder.next(input)) out += describe(*event) + " ";
  EXPECT_TRUE(input.empty());
  return out;
}
std::string decode(std::string_view text) {
  Decoder decoder;
  return decode(decoder, text);
}

TEST(Decoder, PacketsAcksAndInterrupts) {
  EXPECT_EQ(decode("$g#67"), "'g' ");
  EXPECT_EQ(decode("+$g#67-$?#3f\x03"), "ack 'g' nack '?' interrupt ");
  EXPECT_EQ(decode("$#00"), "'' ");
  EXPECT_EQ(decode("junk \n$g#67 more"), "'g' ");
}

TEST(Decoder, ChecksumsOfEitherCase) {
  EXPECT_EQ(decode("$z0#aA"), "'z0' ");
  EXPECT_EQ(decode("$z0#Aa"), "'z0' ");
  EXPECT_EQ(decode("$z0#ab$g#67"), "bad 'g' ");
  EXPECT_EQ(decode("$g#6x"), "bad ");
  EXPECT_EQ(decode("$g#x7"), "bad ");
}

TEST(Decoder, AnyByteMayBeTheLastOfASegment) {
  const std::string stream = "+$X0,3:a}\x03z#7c$qC#b4\x03-$g#00$?#3f";
  const std::string whole = decode(stream);
  EXPECT_EQ(whole, "ack 'X0,3:a#z' 'qC' interrupt nack bad '?' ");
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    Decoder decoder;
    std::string halves = decode(decoder, stream.substr(0, at));
    halves += decode(decoder, stream.substr(at));
    EXPECT_EQ(halves, whole) << at;
  }
  Decoder decoder;
  std::string single;
  for (const char c : stream) single += decode(decoder, {&c, 1});
  EXPECT_EQ(single, whole);
}

TEST(Decoder, ADollarStartsAnew) {
  EXPECT_EQ(decode("$abc$g#67"), "'g' ");
  EXPECT_EQ(decode("$abc#$g#67"), "'g' ");
  EXPECT_EQ(decode("$abc#1$g#67"), "'g' ");
  EXPECT_EQ(decode("$ab}$g#67"), "'g' ");
}

TEST(Decoder, ControlCInsideAPacketIsData) { EXPECT_EQ(decode("$a\x03#64"), "'a\x03' "); }

TEST(Decoder, AnEscapeWithNothingToEscape) { EXPECT_EQ(decode("$a}#de$g#67"), "bad 'g' "); }

TEST(Decoder, LongPacketsAreDroppedWhole) {
  Decoder decoder(4);
  EXPECT_EQ(decode(decoder, "$abcd#8a$abcde#ef$g#67"), "'abcd' oversize 'g' ");
  EXPECT_EQ(decode(decoder, "$abc}\x03#a6$ab}\x03#43"), "oversize 'ab#' ");
}

TEST(Decoder, NoMoreIsKeptThanTheLimit) {
  Decoder decoder(16);
  const std::string megabyte(1 << 20, 'a');
  EXPECT_EQ(decode(decoder, "$"), "");
  for (int i = 0; i < 16; ++i) EXPECT_EQ(decode(decoder, megabyte), "");
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(decode(decoder, "}\x03"), "");
  EXPECT_LE(decoder.held(), 16u);
  EXPECT_EQ(decode(decoder, "#00$g#67"), "oversize 'g' ");
}

// What any client does with a reply.
std::string expand(std::string_view packet) {
  const std::string_view body = packet.substr(1, packet.size() - 4);
  std::string out;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '*') {
      const char count = body[++i];
      EXPECT_GE(count, ' ');
      EXPECT_LE(count, '~');
      EXPECT_EQ(std::string_view("$#+-*}").find(count), std::string_view::npos) << count;
      out.append(static_cast<std::size_t>(count - 29), out.back());
    } else if (body[i] == '}') {
      out += static_cast<char>(body[++i] ^ 0x20);
    } else {
      out += body[i];
    }
  }
  return out;
}

TEST(Encode, KnownPackets) {
  EXPECT_EQ(encode(""), "$#00");
  EXPECT_EQ(encode("OK"), "$OK#9a");
  EXPECT_EQ(encode("aaa"), "$aaa#23");
  EXPECT_EQ(encode("0000"), "$0* #7a");
  EXPECT_EQ(encode("#$}*"), std::string("$}\x03}\x04}]}\x0a#62"));
}

TEST(Encode, RunsOfEveryLength) {
  for (std::size_t length = 0; length < 400; ++length) {
    const std::string text = "x" + std::string(length, 'a') + "y";
    const std::string packet = encode(text);
    EXPECT_EQ(expand(packet), text) << length;
    EXPECT_LE(packet.size(), 6 + std::min<std::size_t>(length, 3 * (length / 98 + 2))) << length;
    EXPECT_EQ(decode(packet).empty(), false);
  }
}

TEST(Encode, NeighbouringRunsAndEscapes) {
  for (const std::string text :
       {"aaaabbbbcccc", "abbbbb", "aabbbbb", "aaabbbbb", "a####b", "****", "}}}}}", "x\x03\x03\x03\x03\x03",
        "#\x03\x03\x03\x03\x03\x03", "aaaaaaa", "aaaaaaaa", "aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaa"}) {
    EXPECT_EQ(expand(encode(text)), text);
  }
}

TEST(Encode, RandomPayloads) {
  std::uint32_t state = 1;
  const auto random = [&] { return (state = state * 1664525 + 1013904223) >> 24; };
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    while (text.size() < 300)
      text.append(random() % 8 == 0 ? random() % 120 : 1, static_cast<char>("#$}*\x03"
                                                                            "abc0"[random() % 9]));
    const std::string packet = encode(text);
    EXPECT_EQ(expand(packet), text);
    Decoder decoder;
    Bytes input = bytes_of(packet);
    const auto event = decoder.next(input);
    ASSERT_TRUE(event);
    EXPECT_TRUE(std::holds_alternative<wire::Packet>(*event));
  }
}

}  // namespace
}  // namespace gdbstub
