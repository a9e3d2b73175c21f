// The interpreter of transcripts, with a packet reader independent of the stub's decoder.
#include "support/transcript.h"

#include <deque>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "gdbstub/session/session.h"
#include "gdbstub/wire/hex.h"
#include "support/frame.h"
#include "support/toy_target.h"

namespace gdbstub::toy {
namespace {

bool matches(std::string_view text, std::string_view pattern) {
  const std::size_t dots = pattern.find("...");
  if (dots == std::string_view::npos) return text == pattern;
  if (!text.starts_with(pattern.substr(0, dots))) return false;
  text.remove_prefix(dots);
  pattern.remove_prefix(dots + 3);
  for (std::size_t skip = 0; skip <= text.size(); ++skip) {
    if (matches(text.substr(skip), pattern)) return true;
  }
  return false;
}

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && text[i + 1] == 'x') {
      out += static_cast<char>(hex_digit(text[i + 2]) << 4 | hex_digit(text[i + 3]));
      i += 3;
    } else if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '\\') {
      out += text[i++];
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool printable = c >= 0x20 && c < 0x7f;
    out += printable ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<std::uint8_t>(c));
  }
  return out;
}

// Runs expanded, escapes undone.
std::string expand(std::string_view body) {
  std::string out;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '*' && i + 1 < body.size()) {
      out.append(static_cast<std::size_t>(body[++i] - 29), out.back());
    } else if (body[i] == '}' && i + 1 < body.size()) {
      out += static_cast<char>(body[++i] ^ 0x20);
    } else {
      out += body[i];
    }
  }
  return out;
}

class Player {
 public:
  Player() : target_([this](TargetEvent event) { events_.push_back(std::move(event)); }), session_(target_) {}

  // What is wrong with this line; empty if nothing.
  std::string play(const std::string& line) {
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    std::string rest;
    std::getline(words >> std::ws, rest);
    if (verb.empty() || verb[0] == '#') return {};
    if (verb == "<-") return expect(rest);
    if (!received_.empty()) return "not expected: " + escape(received_.front());
    return act(verb, rest);
  }
  std::string finish() const { return received_.empty() ? "" : "not expected: " + escape(received_.front()); }

 private:
  std::string act(const std::string& verb, const std::string& rest) {
    if (verb == "target:") return configure(rest);
    if (verb == "->") return send(frame(unescape(rest)));
    if (verb == "=>") return send(unescape(rest));
    if (verb == "run") return run(rest.empty() ? 10'000 : std::stoul(rest));
    if (verb == "start") return target_.start(), "";
    if (verb == "print") return events_.push_back(ConsoleOutput{unescape(rest)}), deliver();
    if (verb == "remark") return target_.remark = rest, "";
    if (verb == "move") return target_.move(std::stoul(rest, nullptr, 16)), deliver();
    if (verb == "disconnect") return session_.disconnected(), deliver();
    if (verb == "check") return check(rest);
    return "unknown line";
  }

  std::string configure(const std::string& options) {
    using Offered = ToyTarget::Offered;
    static const std::map<std::string, bool Offered::*> names{{"-breakpoints", &Offered::breakpoints},
                                                              {"-watchpoints", &Offered::watchpoints},
                                                              {"-reverse", &Offered::reverse},
                                                              {"-memory-map", &Offered::memory_map},
                                                              {"-address-space", &Offered::address_space},
                                                              {"-thread-info", &Offered::thread_info},
                                                              {"-monitor", &Offered::monitor},
                                                              {"-lifecycle", &Offered::lifecycle},
                                                              {"-non-stop", &Offered::non_stop},
                                                              {"-exec-file", &Offered::exec_file},
                                                              {"-qemu", &Offered::qemu},
                                                              {"-tracepoints", &Offered::tracepoints}};
    std::istringstream words(options);
    for (std::string word; words >> word;) {
      if (word == "+run-when-detached") {
        target_.run_when_detached = true;
      } else if (word == "+libraries") {
        target_.offered.libraries = true;
      } else if (word == "-all") {
        for (const auto& [name, member] : names) target_.offered.*member = false;
      } else if (names.contains(word)) {
        target_.offered.*names.at(word) = false;
      } else {
        return "unknown option " + word;
      }
    }
    return {};
  }

  std::string send(const std::string& bytes) {
    return take(session_.receive(Bytes{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}));
  }
  std::string run(std::size_t instructions) {
    target_.pump(instructions);
    return deliver();
  }
  std::string deliver() {
    while (!events_.empty()) {
      TargetEvent event = std::move(events_.front());
      events_.pop_front();
      if (auto wrong = take(session_.handle_event(std::move(event))); !wrong.empty()) return wrong;
    }
    return {};
  }

  // Splits the output into packets and notifications, and checks their form.
  std::string take(std::string_view bytes) {
    while (!bytes.empty()) {
      const char lead = bytes.front();
      bytes.remove_prefix(1);
      if (lead == '+' || lead == '-') continue;
      if (lead != '$' && lead != '%') return fmt::format("a packet begins with {:#x}", lead);
      const std::size_t end = bytes.find('#');
      if (end == std::string_view::npos || bytes.size() < end + 3) return "a packet does not end";
      const std::string_view body = bytes.substr(0, end);
      std::uint8_t sum = 0;
      for (const char c : body) sum = static_cast<std::uint8_t>(sum + static_cast<std::uint8_t>(c));
      if (parse_hex(bytes.substr(end + 1, 2)) != sum) return "a packet's checksum is wrong";
      received_.push_back((lead == '%' ? "%" : "") + expand(body));
      bytes.remove_prefix(end + 3);
    }
    return {};
  }

  std::string expect(const std::string& pattern) {
    if (received_.empty()) return "nothing was received";
    const std::string text = escape(received_.front());
    received_.pop_front();
    return matches(text, pattern) ? "" : "received: " + text;
  }

  std::string check(const std::string& what) {
    std::istringstream words(what);
    std::string word;
    long wanted = 0;
    words >> word >> wanted;
    const std::map<std::string, long> facts{{"detached", target_.times_detached()},
                                            {"planted", static_cast<long>(target_.planted())},
                                            {"probes", static_cast<long>(target_.probes())},
                                            {"killed", target_.killed() ? 1 : 0},
                                            {"running", target_.running() ? 1 : 0}};
    if (!facts.contains(word)) return "unknown fact " + word;
    return facts.at(word) == wanted ? "" : fmt::format("it is {}", facts.at(word));
  }

  std::deque<TargetEvent> events_;
  ToyTarget target_;
  Session session_;
  std::deque<std::string> received_;
};

}  // namespace

std::string run_transcript(const std::string& path) {
  std::ifstream file(path);
  if (!file) return "cannot be read";
  Player player;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (const std::string wrong = player.play(line); !wrong.empty()) {
      return fmt::format("{}:{}: {}\n    {}", path, number, line, wrong);
    }
  }
  const std::string wrong = player.finish();
  return wrong.empty() ? "" : fmt::format("{}: at the end: {}", path, wrong);
}

}  // namespace gdbstub::toy
