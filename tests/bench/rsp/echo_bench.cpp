// The lower bound of every round trip: a packet to another process over loopback TCP and back; prints microseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

void set_no_delay(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

[[noreturn]] void echo(int listener) {
  const int fd = ::accept(listener, nullptr, nullptr);
  set_no_delay(fd);
  char buffer[256];
  for (ssize_t count; (count = ::read(fd, buffer, sizeof buffer)) > 0;) {
    if (::write(fd, buffer, static_cast<std::size_t>(count)) != count) break;
  }
  ::_exit(0);
}

}  // namespace

int main() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), length) < 0 || ::listen(listener, 1) < 0) return 1;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
  if (::fork() == 0) echo(listener);

  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), length) < 0) return 1;
  set_no_delay(fd);
  std::vector<double> times;
  for (int i = 0; i < 2000; ++i) {
    char buffer[256] = "$?#3f";
    const auto start = std::chrono::steady_clock::now();
    if (::write(fd, buffer, 5) != 5 || ::read(fd, buffer, sizeof buffer) <= 0) return 1;
    times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
  }
  std::ranges::sort(times);
  std::printf("%f\n", times[times.size() / 2]);
}
