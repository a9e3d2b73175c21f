// rsp_bench HOST:PORT MEASURE ARGUMENTS...: one measurement with a raw client; prints one number.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <span>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "tests/bench/rsp/client.h"

using namespace gdbvm::bench;

namespace {

using Clock = std::chrono::steady_clock;
using Arguments = std::span<const std::string>;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }
std::uint64_t number(const std::string& text) { return std::stoull(text, nullptr, 0); }

void expect(bool right, std::string_view what, std::string_view reply) {
  if (!right) throw ClientError(fmt::format("{}: the reply is '{}'", what, reply.substr(0, 100)));
}

double median_us(std::size_t count, const std::function<void()>& action) {
  std::vector<double> times;
  for (std::size_t i = 0; i < count; ++i) {
    const auto start = Clock::now();
    action();
    times.push_back(seconds_since(start) * 1e6);
  }
  std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(count / 2));
  return times[count / 2];
}

std::uint64_t read_word(Client& client, std::uint64_t address) {
  const std::string text = expand(client.ask(fmt::format("m{:x},8", address)));
  expect(text.size() == 16, "reading a word", text);
  std::uint64_t value = 0;
  for (int i = 7; i >= 0; --i)
    value = value << 8 | std::stoul(text.substr(2 * static_cast<std::size_t>(i), 2), nullptr, 16);
  return value;
}

// PACKET COUNT: microseconds of a round trip.
double round_trip(Client& client, Arguments a) {
  client.ask(a[0]);
  return median_us(number(a[1]), [&] { client.ask(a[0]); });
}

// ADDRESS LENGTH: MB/s. First writes numbers without a pattern, so that run lengths gain nothing.
double write_memory(Client& client, Arguments a) {
  const std::uint64_t address = number(a[0]), length = number(a[1]);
  const std::size_t piece = (client.packet_size() - 64) / 2;
  std::string digits(2 * piece, '0');
  std::uint64_t state = 0x9e3779b97f4a7c15;
  for (char& digit : digits) {
    state = state * 6364136223846793005 + 1442695040888963407;
    digit = "0123456789abcdef"[state >> 60];
  }
  const auto start = Clock::now();
  for (std::uint64_t done = 0; done < length; done += piece) {
    const auto reply = client.ask(fmt::format("M{:x},{:x}:{}", address + done, piece, digits));
    expect(reply == "OK", "writing memory", reply);
  }
  return static_cast<double>(length) / seconds_since(start) / 1e6;
}

double read_memory(Client& client, Arguments a) {
  const std::uint64_t address = number(a[0]), length = number(a[1]);
  const std::size_t piece = (client.packet_size() - 64) / 2;
  const auto text = expand(client.ask(fmt::format("m{:x},{:x}", address, piece)));
  expect(text.size() == 2 * piece, "reading memory", text);
  const auto start = Clock::now();
  for (std::uint64_t done = 0; done < length; done += piece) {
    expect(!client.ask(fmt::format("m{:x},{:x}", address + done, piece)).starts_with('E'), "reading memory", "E");
  }
  return static_cast<double>(length) / seconds_since(start) / 1e6;
}

// COUNT: microseconds from vCont;s to its stop reply.
double step(Client& client, Arguments a) {
  return median_us(number(a[0]), [&] {
    const auto reply = client.ask("vCont;s");
    expect(reply.starts_with("T05"), "stepping", reply);
  });
}

// COUNT: microseconds from a Ctrl-C to its stop reply.
double interrupt(Client& client, Arguments a) {
  using namespace std::chrono_literals;
  const std::size_t count = number(a[0]);
  std::vector<double> times;
  for (std::size_t i = 0; i < count; ++i) {
    client.send("vCont;c");
    std::this_thread::sleep_for(2ms);  // so that it runs
    const auto start = Clock::now();
    client.send_byte('\3');
    const auto reply = client.receive();
    times.push_back(seconds_since(start) * 1e6);
    expect(reply.starts_with('T'), "interrupting", reply);
  }
  std::ranges::sort(times);
  return times[count / 2];
}

std::string big_endian(std::uint64_t value) { return fmt::format("{:016x}", value); }

// How fast the guest counts while it runs for that long.
double counted_per_second(Client& client, std::uint64_t counter, double seconds) {
  const std::uint64_t before = read_word(client, counter);
  const auto start = Clock::now();
  client.send("vCont;c");
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  client.send_byte('\3');
  const auto reply = client.receive();
  const double took = seconds_since(start);
  expect(reply.starts_with('T'), "running over stops", reply);
  return static_cast<double>(read_word(client, counter) - before) / took;
}

// KIND ADDRESS COUNTER SECONDS: hits of a breakpoint with the condition `*(long*)COUNTER == -1` in a second; KIND is
// Z0 or Z1.
double false_conditions(Client& client, Arguments a) {
  const std::uint64_t address = number(a[1]), counter = number(a[2]);
  const double seconds = std::stod(a[3]);
  // const64 COUNTER, ref64, const64 -1, equal, end
  const std::string expression = "25" + big_endian(counter) + "1a25" + big_endian(~0ull) + "1327";
  const std::string location = fmt::format("{},{:x},1", a[0], address);
  const auto planted = client.ask(fmt::format("{};X{:x},{}", location, expression.size() / 2, expression));
  expect(planted == "OK", "setting a breakpoint", planted);
  const double hits = counted_per_second(client, counter, seconds);
  client.ask("z" + location.substr(1));
  return hits;
}

// ADDRESS COUNTER SECONDS WHAT: hits of a tracepoint in a second that collects the counter, or every register there is.
double tracepoint_hits(Client& client, Arguments a) {
  const std::uint64_t address = number(a[0]), counter = number(a[1]);
  client.ask("qXfer:features:read:target.xml:0,ffff");  // from here on all registers are known
  const std::string action = a[3] == "registers" ? "R" + std::string(64, 'F') : fmt::format("M-1,{:x},8", counter);
  for (const std::string& packet :
       {std::string("QTinit"), std::string("QTBuffer:circular:1"), fmt::format("QTDP:1:{:x}:E:0:0-", address),
        fmt::format("QTDP:-1:{:x}:{}", address, action), std::string("QTStart")}) {
    const auto reply = client.ask(packet);
    expect(reply == "OK", packet, reply);
  }
  const double hits = counted_per_second(client, counter, std::stod(a[2]));
  const auto status = client.ask("qTStatus");
  expect(status.starts_with("T1"), "tracing", status);
  client.ask("QTStop");
  return hits;
}

// BEGIN END FLAG INSTRUCTIONS: instructions per second when the function at BEGIN is range-stepped to its return. FLAG
// makes the program call it; it takes INSTRUCTIONS instructions.
double range_step(Client& client, Arguments a) {
  const std::uint64_t begin = number(a[0]), end = number(a[1]), flag = number(a[2]);
  const double instructions = std::stod(a[3]);
  client.ask(fmt::format("M{:x},8:0100000000000000", flag));
  const auto location = fmt::format("0,{:x},1", begin);
  expect(client.ask("Z" + location) == "OK", "setting a breakpoint", "not OK");
  client.ask("vCont;c");
  client.ask("z" + location);
  const auto start = Clock::now();
  const std::string reply(client.ask(fmt::format("vCont;r{:x},{:x}", begin, end)));
  const double took = seconds_since(start);
  client.ask(fmt::format("M{:x},8:0000000000000000", flag));
  expect(reply.starts_with("T05"), "range stepping", reply);
  return instructions / took;
}

// ADDRESS LENGTH: MB/s. The pattern does not occur.
double search(Client& client, Arguments a) {
  const std::uint64_t length = number(a[1]);
  const auto start = Clock::now();
  const auto reply = client.ask(fmt::format("qSearch:memory:{:x};{:x};gdbvm benchmark", number(a[0]), length));
  const double took = seconds_since(start);
  expect(reply == "0", "searching", reply);
  return static_cast<double>(length) / took / 1e6;
}

double checksum(Client& client, Arguments a) {
  const std::uint64_t length = number(a[1]);
  const auto start = Clock::now();
  const auto reply = client.ask(fmt::format("qCRC:{:x},{:x}", number(a[0]), length));
  const double took = seconds_since(start);
  expect(reply.starts_with('C'), "the checksum", reply);
  return static_cast<double>(length) / took / 1e6;
}

// Breakpoints or watchpoints, 16 bytes apart; KIND is 0 to 4 as in Z packets.
class Stops final {
 public:
  Stops(Client& client, Arguments a) : client_(client), kind_(a[0]), address_(number(a[1])), count_(number(a[2])) {}
  void set() { send_all('Z'); }
  void lift() { send_all('z'); }
  // As many packets as if that many had been lifted and set: the longer a vCPU's thread has slept, the more slowly it
  // wakes, and that is not to be measured.
  void make_up_to(std::size_t count) {
    for (std::size_t i = 2 * count_; i < 2 * count; ++i) client_.ask(fmt::format("m{:x},1", address_));
  }

 private:
  void send_all(char packet) {
    const int length = kind_ < "2" ? 1 : 4;
    for (std::size_t i = 0; i < count_; ++i) {
      const auto reply = client_.ask(fmt::format("{}{},{:x},{}", packet, kind_, address_ + 16 * i, length));
      expect(reply == "OK", "setting or removing a stop", reply);
    }
  }

  Client& client_;
  std::string kind_;
  std::uint64_t address_;
  std::size_t count_;
};

// KIND ADDRESS COUNT: milliseconds to set that many.
double set_stops(Client& client, Arguments a) {
  Stops stops(client, a);
  const auto start = Clock::now();
  stops.set();
  const double took = seconds_since(start);
  stops.lift();
  return took * 1e3;
}

// KIND ADDRESS COUNT: milliseconds to remove them once they were in force.
double lift_stops(Client& client, Arguments a) {
  Stops stops(client, a);
  stops.set();
  client.ask("vCont;s");
  const auto start = Clock::now();
  stops.lift();
  return seconds_since(start) * 1e3;
}

// KIND ADDRESS COUNT STEPS: microseconds of a vCont;s with that many set; they are removed and set again around each
// step, as gdb does. Other packets make up for fewer than 1,000.
double step_with_stops(Client& client, Arguments a) {
  Stops stops(client, a.first(3));
  stops.set();
  step(client, a.last(1));
  std::vector<double> times;
  for (std::size_t i = 0; i < number(a[3]); ++i) {
    stops.lift();
    stops.set();
    stops.make_up_to(1000);
    times.push_back(step(client, std::vector<std::string>{"1"}));
  }
  stops.lift();
  std::ranges::sort(times);
  return times[times.size() / 2];
}

void monitor(Client& client, std::string_view command) {
  std::string packet = "qRcmd,";
  for (const char character : command) packet += fmt::format("{:02x}", static_cast<unsigned>(character));
  const auto reply = client.ask(packet);
  expect(!reply.empty() && !reply.starts_with('E'), command, reply);
}

// COMMAND ADDRESS LENGTH PAGES COUNT: microseconds of `monitor savevm` or `loadvm`, each after that many pages of the
// range were written. Where the command is loadvm, it goes back to the snapshot taken first.
double snapshots(Client& client, Arguments a) {
  const std::uint64_t address = number(a[1]), pages = number(a[2]) >> 12;
  std::uint64_t state = 1;
  std::vector<double> times;
  monitor(client, "savevm bench");
  for (std::size_t i = 0; i < number(a[4]); ++i) {
    for (std::size_t page = 0; page < number(a[3]); ++page) {
      state = state * 6364136223846793005 + 1442695040888963407;
      const auto reply = client.ask(fmt::format("M{:x},1:{:02x}", address + ((state >> 33) % pages << 12), i & 0xff));
      expect(reply == "OK", "writing memory", reply);
    }
    const auto start = Clock::now();
    monitor(client, a[0] + " bench");
    times.push_back(seconds_since(start) * 1e6);
  }
  monitor(client, "delvm bench");
  std::ranges::sort(times);
  return times[times.size() / 2];
}

struct Measure {
  std::size_t arguments;
  double (*run)(Client&, Arguments);
};
const std::map<std::string, Measure> measures{{"round-trip", {2, round_trip}}, {"read", {2, read_memory}},
                                              {"write", {2, write_memory}},    {"step", {1, step}},
                                              {"interrupt", {1, interrupt}},   {"conditions", {4, false_conditions}},
                                              {"range-step", {4, range_step}}, {"search", {2, search}},
                                              {"checksum", {2, checksum}},     {"set-stops", {3, set_stops}},
                                              {"lift-stops", {3, lift_stops}}, {"step-stops", {4, step_with_stops}},
                                              {"snapshots", {5, snapshots}},   {"tracepoint", {4, tracepoint_hits}}};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    const auto measure = arguments.size() < 2 ? measures.end() : measures.find(arguments[1]);
    if (measure == measures.end() || arguments.size() != 2 + measure->second.arguments) {
      throw ClientError("usage: rsp_bench HOST:PORT MEASURE ARGUMENTS...");
    }
    Client client(arguments[0]);
    fmt::print("{}\n", measure->second.run(client, Arguments(arguments).subspan(2)));
  } catch (const std::exception& error) {
    fmt::print(stderr, "rsp_bench: {}\n", error.what());
    return 1;
  }
}
