// Feature negotiation in both directions: qSupported, vCont?, the list of qXfer objects.
#include "gdbstub/session/features.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gdbstub/wire/framing.h"

namespace gdbstub {
namespace {

struct Offer {
  std::string_view text;
  bool (*offered)(Target&, const Client&);
};
constexpr auto always = [](Target&, const Client&) { return true; };
constexpr auto with_breakpoints = [](Target& t, const Client&) { return t.breakpoints() != nullptr; };
constexpr auto with_reverse = [](Target& t, const Client&) { return t.reverse_execution() != nullptr; };
constexpr auto to_gdb = [](Target&, const Client& client) { return !client.lldb; };

struct TransferObject {
  std::string_view name;
  bool (*offered)(Target&, const Client&);
};
constexpr std::array transfer_objects{
    TransferObject{"features", always},
    TransferObject{"threads", always},
    TransferObject{"memory-map", [](Target& t, const Client&) { return t.memory_map() != nullptr; }},
    TransferObject{"exec-file", [](Target& t, const Client&) { return t.exec_file() != nullptr; }},
    // LLDB would load what is listed there beside its own idea of the program.
    TransferObject{"libraries", [](Target& t, const Client& c) { return t.libraries() != nullptr && !c.lldb; }},
};

constexpr std::array offers{
    Offer{"QStartNoAckMode+", always},
    Offer{"multiprocess+", to_gdb},  // there is one process: LLDB's plain thread ids are enough
    Offer{"swbreak+", with_breakpoints},
    Offer{"hwbreak+", with_breakpoints},
    Offer{"vContSupported+", always},
    Offer{"no-resumed+", always},
    Offer{"error-message+", to_gdb},
    Offer{"binary-upload+", to_gdb},  // LLDB's `x` is another packet
    Offer{"MultiMemRead+", [](Target&, const Client& client) { return client.lldb; }},
    Offer{"ConditionalBreakpoints+", with_breakpoints},
    Offer{"BreakpointCommands+", with_breakpoints},
    Offer{"ReverseStep+", with_reverse},
    Offer{"ReverseContinue+", with_reverse},
    Offer{"QNonStop+", [](Target& t, const Client&) { return t.non_stop() != nullptr; }},
};

}  // namespace

void learn_features(Client& client, std::string_view features) {
  const auto has = [&](std::string_view wanted) {
    for (std::size_t at = 0; at <= features.size();) {
      const std::size_t end = std::min(features.find(';', at), features.size());
      if (features.substr(at, end - at) == wanted) return true;
      at = end + 1;
    }
    return false;
  };
  client.multiprocess = has("multiprocess+");
  client.swbreak = has("swbreak+");
  client.hwbreak = has("hwbreak+");
  client.no_resumed = has("no-resumed+");
  client.error_message = has("error-message+");
  // GDB lists the one register dialect it is built for and knows vContSupported; LLDB lists four dialects.
  const bool many_dialects = features.find("xmlRegisters=i386,") != std::string_view::npos;
  client.lldb = client.lldb || (many_dialects && !has("vContSupported+"));
  if (client.lldb) client.multiprocess = false;
}

std::string supported_features(Target& target, const Client& client) {
  std::string text = fmt::format("PacketSize={:x}", packet_size);
  for (const Offer& offer : offers) {
    if (offer.offered(target, client)) text.append(";").append(offer.text);
  }
  for (const TransferObject& object : transfer_objects) {
    if (object.offered(target, client)) text += fmt::format(";qXfer:{}:read+", object.name);
  }
  return text;
}

std::string resume_actions(Target& target) {
  std::string text = "vCont;c;C;s;S;r";
  if (target.non_stop() != nullptr) text += ";t";
  return text;
}

bool has_transfer(Target& target, const Client& client, std::string_view object) {
  const auto found = std::ranges::find(transfer_objects, object, &TransferObject::name);
  return found != transfer_objects.end() && found->offered(target, client);
}

}  // namespace gdbstub
