#include "gdbstub/server/peer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>

namespace gdbstub {
namespace {

void set(Socket& socket, int level, int name, int value) {
  ::setsockopt(socket.native_handle(), level, name, &value, sizeof value);  // fails where it is not TCP
}

}  // namespace

void probe_when_silent(Socket& socket, const Patience& patience) {
  set(socket, IPPROTO_TCP, TCP_KEEPIDLE, static_cast<int>(patience.silence.count()));
  set(socket, IPPROTO_TCP, TCP_KEEPINTVL, static_cast<int>(patience.between_probes.count()));
  set(socket, IPPROTO_TCP, TCP_KEEPCNT, patience.probes);
  set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
}

bool is_unanswered(Socket& socket, const Patience& patience) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket.native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return false;
  const std::chrono::milliseconds since_answer(info.tcpi_last_ack_recv);
  return info.tcpi_unacked > 0 && since_answer > patience.silence + patience.probes * patience.between_probes;
}

}  // namespace gdbstub
