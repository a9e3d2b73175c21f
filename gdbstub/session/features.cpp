// Feature negotiation in both directions: qSupported, vCont?, the list of qXfer objects.
#include "gdbstub/session/features.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gdbstub/packets/capability.h"
#include "gdbstub/wire/framing.h"

namespace gdbstub {
namespace {

constexpr bool to_any(const Dialect&) { return true; }
constexpr bool to_gdb(const Dialect& dialect) { return !dialect.lldb; }
constexpr bool to_lldb(const Dialect& dialect) { return dialect.lldb; }

struct Offer {
  std::string_view text;
  Capability needs = always;
  bool (*to)(const Dialect&) = to_any;
};

constexpr std::array offers_made{
    Offer{"QStartNoAckMode+"},
    Offer{"multiprocess+", always, to_gdb},  // there is one process: LLDB's plain thread ids are enough
    Offer{"swbreak+", offers<&Target::breakpoints>},
    Offer{"hwbreak+", offers<&Target::breakpoints>},
    Offer{"vContSupported+"},
    Offer{"no-resumed+"},
    Offer{"error-message+", always, to_gdb},
    Offer{"binary-upload+", always, to_gdb},  // LLDB's `x` is another packet
    Offer{"MultiMemRead+", always, to_lldb},
    Offer{"ConditionalBreakpoints+", offers<&Target::breakpoints>},
    Offer{"BreakpointCommands+", offers<&Target::breakpoints>},
    Offer{"ConditionalTracepoints+", offers<&Target::tracepoints>, to_gdb},
    Offer{"EnableDisableTracepoints+", offers<&Target::tracepoints>, to_gdb},
    Offer{"InstallInTrace+", offers<&Target::tracepoints>, to_gdb},
    Offer{"TracepointSource+", offers<&Target::tracepoints>, to_gdb},
    Offer{"DisconnectedTracing+", offers<&Target::tracepoints>, to_gdb},
    Offer{"tracenz+", offers<&Target::tracepoints>, to_gdb},
    Offer{"QTBuffer:size+", offers<&Target::tracepoints>, to_gdb},
    Offer{"qXfer:traceframe-info:read+", offers<&Target::tracepoints>, to_gdb},
    Offer{"ReverseStep+", offers<&Target::reverse_execution>},
    Offer{"ReverseContinue+", offers<&Target::reverse_execution>},
    Offer{"QNonStop+", offers<&Target::non_stop>},
    Offer{"qXfer:features:read+"},
    Offer{"qXfer:threads:read+"},
    Offer{"qXfer:memory-map:read+", offers<&Target::memory_map>},
    Offer{"qXfer:exec-file:read+", offers<&Target::exec_file>},
    // LLDB would load the libraries beside its own idea of the program.
    Offer{"qXfer:libraries:read+", offers<&Target::libraries>, to_gdb},
};

}  // namespace

void learn_features(Dialect& dialect, std::string_view features) {
  const auto has = [&](std::string_view wanted) {
    for (std::size_t at = 0; at <= features.size();) {
      const std::size_t end = std::min(features.find(';', at), features.size());
      if (features.substr(at, end - at) == wanted) return true;
      at = end + 1;
    }
    return false;
  };
  dialect.multiprocess = has("multiprocess+");
  dialect.swbreak = has("swbreak+");
  dialect.hwbreak = has("hwbreak+");
  dialect.no_resumed = has("no-resumed+");
  dialect.error_message = has("error-message+");
  // GDB lists the one register dialect it is built for and knows vContSupported; LLDB lists four dialects.
  const bool many_dialects = features.find("xmlRegisters=i386,") != std::string_view::npos;
  dialect.lldb = dialect.lldb || (many_dialects && !has("vContSupported+"));
  if (dialect.lldb) dialect.multiprocess = false;
}

std::string supported_features(Target& target, const Dialect& dialect) {
  std::string text = fmt::format("PacketSize={:x}", packet_size);
  for (const Offer& offer : offers_made) {
    if (offer.needs(target) && offer.to(dialect)) text.append(";").append(offer.text);
  }
  return text;
}

std::string resume_actions(Target& target) {
  std::string text = "vCont;c;C;s;S;r";
  if (offers<&Target::non_stop>(target)) text += ";t";
  return text;
}

}  // namespace gdbstub
