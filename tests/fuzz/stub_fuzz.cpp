// Feeds bytes to a session on the toy target: raw ones to the framing, framed ones to the parser and the handlers.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <string>
#include <string_view>

#include "gdbstub/session/session.h"
#include "gdbstub/wire/framing.h"
#include "support/frame.h"
#include "support/toy_target.h"

using namespace gdbstub;

namespace {

// A piece whose first byte is below their number begins with one of these instead.
constexpr std::array<std::string_view, 32> openings{"m",
                                                    "M",
                                                    "X",
                                                    "x",
                                                    "g",
                                                    "G",
                                                    "p",
                                                    "P",
                                                    "Z0,1040,1;X",
                                                    "Z",
                                                    "z",
                                                    "vCont;",
                                                    "c",
                                                    "s",
                                                    "H",
                                                    "T",
                                                    "qXfer:",
                                                    "qRcmd,",
                                                    "qSupported:",
                                                    "QThreadSuffixSupported",
                                                    "QNonStop:",
                                                    "vStopped",
                                                    "bs",
                                                    "bc",
                                                    "D",
                                                    "R",
                                                    "k",
                                                    "vRun;",
                                                    "qSearch:memory:",
                                                    "QSaveRegisterState",
                                                    "jThreadsInfo",
                                                    "vFile:"};
constexpr std::uint8_t end_of_client = 0xfe;  // 0xff just ends a piece

class Play {
 public:
  void raw(Bytes bytes) {
    check(session_.receive(bytes));
    run();
  }
  void piece(Bytes bytes) {
    std::string payload;
    if (!bytes.empty() && bytes[0] < openings.size()) {
      payload = openings[bytes[0]];
      bytes = bytes.subspan(1);
    }
    payload.append(bytes.begin(), bytes.end());
    const std::string packet = toy::frame(payload);
    raw({reinterpret_cast<const std::uint8_t*>(packet.data()), packet.size()});
  }
  void leave() {
    session_.disconnected();
    if (target_.planted() != 0) std::abort();
    run();
  }

 private:
  void run() {
    target_.pump(20);
    while (!events_.empty()) {
      TargetEvent event = std::move(events_.front());
      events_.pop_front();
      check(session_.handle_event(std::move(event)));
    }
  }
  // Whatever comes in, only whole packets with the right checksum go out.
  static void check(const std::string& output) {
    Decoder decoder(SIZE_MAX);
    Bytes rest(reinterpret_cast<const std::uint8_t*>(output.data()), output.size());
    while (const auto event = decoder.next(rest)) {
      if (std::holds_alternative<wire::BadChecksum>(*event)) std::abort();
    }
  }

  std::deque<TargetEvent> events_;
  toy::ToyTarget target_{[this](TargetEvent event) { events_.push_back(std::move(event)); }};
  Session session_{target_};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes rest(data, size);
  if (rest.empty()) return 0;
  const bool framed = (rest.front() & 1) != 0;
  rest = rest.subspan(1);
  Play play;
  while (!rest.empty()) {
    const auto stop = std::ranges::find_if(rest, [](std::uint8_t b) { return b >= end_of_client; });
    const auto count = static_cast<std::size_t>(stop - rest.begin());
    if (framed) {
      play.piece(rest.first(count));
    } else {
      play.raw(rest.first(count));
    }
    if (count < rest.size() && rest[count] == end_of_client) play.leave();
    rest = rest.subspan(std::min(count + 1, rest.size()));
  }
  play.leave();
  return 0;
}
