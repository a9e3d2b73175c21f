// Clients that connect, disconnect, come in crowds and disappear, over real sockets.
#include "gdbstub/server/server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <system_error>
#include <thread>

#include <asio/executor_work_guard.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include "gdbstub/wire/framing.h"
#include "gdbstub/wire/hex.h"
#include "support/frame.h"
#include "support/toy_host.h"

namespace gdbstub {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A server with its own thread.
class Running {
 public:
  explicit Running(const Endpoint& endpoint = TcpEndpoint{"127.0.0.1", 0}, const Patience& patience = {})
      : host(context_, endpoint, patience), thread_([this] { context_.run(); }) {}
  ~Running() {
    context_.stop();
    thread_.join();
  }
  // Evaluates on the server's thread.
  template <class F>
  auto ask(F question) {
    std::packaged_task<decltype(question())()> task(std::move(question));
    auto answer = task.get_future();
    asio::post(context_, [&task] { task(); });
    return answer.get();
  }
  template <class F>
  void later(F work) {
    asio::post(context_, std::move(work));
  }
  std::uint16_t port() const {
    const auto address = std::get<TcpEndpoint>(parse_endpoint(host.server->address()).value());
    return address.port;
  }

 private:
  asio::io_context context_{1};
  // Without it the context ends with its last client, and ask() gets no answer.
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(context_);

 public:
  toy::ToyHost host;

 private:
  std::thread thread_;
};

// A blocking client.
template <class Protocol>
class BasicClient {
 public:
  explicit BasicClient(const typename Protocol::endpoint& endpoint) : socket_(context_) { socket_.connect(endpoint); }
  void send(std::string_view bytes) { asio::write(socket_, asio::buffer(bytes)); }
  // Everything up to the end of the connection.
  std::string all() {
    std::string text;
    asio::error_code error;
    asio::read(socket_, asio::dynamic_buffer(text), error);
    return text;
  }
  typename Protocol::socket& socket() { return socket_; }
  // The next packet, its acks skipped, still run-length encoded; empty at the end of the connection.
  std::string packet() {
    std::string text;
    while (text.size() < 4 || text[text.size() - 3] != '#') {
      char c = 0;
      asio::error_code error;
      if (asio::read(socket_, asio::buffer(&c, 1), error) == 0) return "";
      if (!text.empty() || c == '$' || c == '%') text += c;
    }
    return text.substr(1, text.size() - 4);
  }
  std::string ask(std::string_view payload) {
    send(toy::frame(payload));
    return packet();
  }

 private:
  asio::io_context context_;
  typename Protocol::socket socket_;
};
using Client = BasicClient<asio::ip::tcp>;

asio::ip::tcp::endpoint local(std::uint16_t port) { return {asio::ip::address_v4::loopback(), port}; }

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

TEST(Server, SaysWhereItListens) {
  Running server;
  EXPECT_THAT(server.host.server->address(), StartsWith("127.0.0.1:"));
  EXPECT_NE(server.port(), 0);
  Client client(local(server.port()));
  EXPECT_EQ(client.ask("qC"), "QC1");
}

TEST(Server, ASecondClientIsToldAndTheFirstGoesOn) {
  Running server;
  Client first(local(server.port()));
  EXPECT_EQ(first.ask("qC"), "QC1");
  Client second(local(server.port()));
  EXPECT_EQ(second.packet(), "E.another debugger is already connected");
  EXPECT_EQ(second.packet(), "");
  EXPECT_EQ(first.ask("qC"), "QC1");
  EXPECT_EQ(server.ask([&] { return server.host.target.times_detached(); }), 0);
}

TEST(Server, SoIsAThirdOne) {
  Running server;
  Client first(local(server.port()));
  EXPECT_EQ(first.ask("qC"), "QC1");
  Client second(local(server.port()));
  Client third(local(server.port()));
  EXPECT_EQ(third.packet(), "E.another debugger is already connected");
  EXPECT_EQ(second.packet(), "E.another debugger is already connected");
}

// The new client is accepted before the end of the old connection is seen.
TEST(Server, AClientMayReconnectAtOnce) {
  Running server;
  auto first = std::make_unique<Client>(local(server.port()));
  EXPECT_EQ(first->ask("qC"), "QC1");
  std::promise<void> go_on;
  server.later([wait = go_on.get_future().share()] { wait.wait(); });
  Client second(local(server.port()));
  first.reset();
  go_on.set_value();
  EXPECT_EQ(second.ask("qC"), "QC1");
}

TEST(Server, AThousandClientsOneAfterTheOtherLeakNothing) {
  Running server;
  const auto visit = [&] {
    Client client(local(server.port()));
    EXPECT_EQ(client.ask("QStartNoAckMode"), "OK");
    EXPECT_EQ(client.ask("Z0,2000,1"), "OK");
  };
  visit();
  Client(local(server.port())).ask("qC");
  const std::size_t before = server.ask(open_descriptors);
  for (int i = 0; i < 1000; ++i) visit();
  EXPECT_EQ(Client(local(server.port())).ask("qC"), "QC1");
  EXPECT_LE(server.ask(open_descriptors), before + 1);  // the last one's end may not have been seen yet
}

TEST(Server, AClientThatVanishesLeavesNoBreakpoint) {
  Running server;
  server.ask([&] { return server.host.target.run_when_detached = true; });
  {
    Client client(local(server.port()));
    EXPECT_EQ(client.ask("Z0,2000,1"), "OK");
    client.send(toy::frame("c"));
    EXPECT_EQ(client.ask("m3100,5"), "68656c6c6f");
  }
  Client next(local(server.port()));
  EXPECT_THAT(next.ask("?"), StartsWith("T02"));
  EXPECT_EQ(server.ask([&] { return server.host.target.planted(); }), 0u);
  EXPECT_EQ(server.ask([&] { return server.host.target.times_detached(); }), 1);
}

TEST(Server, ControlCStopsARunningGuest) {
  Running server;
  Client client(local(server.port()));
  client.send(toy::frame("c"));
  client.send("\x03");
  EXPECT_THAT(client.packet(), StartsWith("T02"));
}

std::string monitor(std::string_view line) {
  std::string packet = "qRcmd,";
  append_hex(packet, line);
  return toy::frame(packet);
}

TEST(Server, EverybodyIsHeardDuringLongWork) {
  Running server;
  Client client(local(server.port()));
  client.send(monitor("count 2000000000"));
  EXPECT_EQ(client.packet(), "O310a");
  EXPECT_EQ(server.ask([] { return 1; }), 1);
  Client second(local(server.port()));
  EXPECT_EQ(second.packet(), "E.another debugger is already connected");
  client.send("\x03");
  std::string last;
  while ((last = client.packet()).starts_with("O")) {
  }
  EXPECT_EQ(last, "E01");
  EXPECT_EQ(client.ask("qC"), "QC1");
}

// More packets after the long one do not hide its end, and are answered.
TEST(Server, LongWorkEndsWithItsClient) {
  Running server;
  {
    Client client(local(server.port()));
    client.send(monitor("idle") + toy::frame("qC"));
    client.socket().shutdown(asio::ip::tcp::socket::shutdown_send);
    EXPECT_THAT(client.all(), testing::EndsWith(encode("E01") + "+" + encode("QC1")));
  }
  EXPECT_EQ(Client(local(server.port())).ask("qC"), "QC1");
}

// What a web page can make a browser send to any port of this host.
TEST(Server, AWebBrowserExecutesNothing) {
  Running server;
  std::vector<std::string> log;
  server.ask([&] { return server.host.server->set_log([&](std::string_view line) { log.emplace_back(line); }), 0; });
  const std::string packets = "+" + toy::frame("M3100,1:41") + toy::frame("qRcmd,68656c70") + toy::frame("k");
  for (const char* method : {"POST", "GET", "OPTIONS"}) {
    Client browser(local(server.port()));
    browser.send(fmt::format("{} / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n{}", method, packets.size(),
                             packets));
    EXPECT_EQ(browser.all(), "");
  }
  for (const char* opening : {"\x16\x03\x01", " $qC#b4", "\n$qC#b4", "%qC#b4", "#00"}) {
    Client stranger(local(server.port()));
    stranger.send(opening);
    stranger.send(packets);
    EXPECT_EQ(stranger.all(), "");
  }
  EXPECT_EQ(Client(local(server.port())).ask("m3100,1"), "68");
  EXPECT_FALSE(server.ask([&] { return server.host.target.killed(); }));
  EXPECT_EQ(log, std::vector<std::string>(8, "a connection that does not speak the remote protocol is closed"));
}

TEST(Server, EveryWayInWhichADebuggerOpensIsHeard) {
  Running server;
  for (const char* opening : {"$qC#b4", "+$qC#b4", "-$qC#b4", "\x03$qC#b4"}) {
    Client client(local(server.port()));
    client.send(opening);
    EXPECT_EQ(client.packet(), "QC1") << opening;
  }
}

TEST(Server, AConnectionThatSaysNothingMakesRoom) {
  Running server(TcpEndpoint{"127.0.0.1", 0}, {.first_packet = std::chrono::milliseconds(10)});
  Client silent(local(server.port()));
  Client incomplete(local(server.port()));
  incomplete.send("+$qC");
  EXPECT_EQ(silent.all(), "");
  Client debugger(local(server.port()));
  EXPECT_EQ(debugger.ask("qC"), "QC1");
  EXPECT_EQ(incomplete.all(), "");
  Client late(local(server.port()));
  EXPECT_EQ(late.packet(), "E.another debugger is already connected");
}

TEST(Server, APeerThatHasVanishedMakesRoom) {
  using std::chrono::seconds;
  Running server(TcpEndpoint{"127.0.0.1", 0}, {.silence = seconds(1), .between_probes = seconds(1), .probes = 1});
  {
    Client vanished(local(server.port()));
    EXPECT_EQ(vanished.ask("qC"), "QC1");
    const int on = 1;  // closed like this, it sends no end of stream
    const int socket = vanished.socket().native_handle();
    if (::setsockopt(socket, IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) != 0) GTEST_SKIP() << "needs CAP_NET_ADMIN";
  }
  const auto limit = std::chrono::steady_clock::now() + seconds(30);
  std::string answer;
  while (answer != "QC1" && std::chrono::steady_clock::now() < limit) {
    Client next(local(server.port()));
    next.send(toy::frame("qC"));
    answer = next.packet();
  }
  EXPECT_EQ(answer, "QC1");
}

TEST(Server, LargeReadsAndWrites) {
  Running server;
  Client client(local(server.port()));
  std::string bytes;
  for (int i = 0; i < 0x8000; ++i) bytes += static_cast<char>(i * 7 + i / 256);
  const std::string packet = fmt::format("X4000,{:x}:", bytes.size());
  client.send(toy::frame(packet + bytes));
  EXPECT_EQ(client.packet(), "OK");
  const std::string reply = client.ask("m4000,8000");
  EXPECT_GT(reply.size(), 0xf000u);
  EXPECT_EQ(client.ask("qC"), "QC1");
}

TEST(Server, EventsMayBePostedFromAnyThread) {
  Running server;
  Client client(local(server.port()));
  client.send(toy::frame("vCont;c"));
  EXPECT_EQ(client.ask("m3100,1"), "68");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 100; ++k) server.host.server->post(ConsoleOutput{"x"});
    });
  }
  for (auto& thread : threads) thread.join();
  for (int i = 0; i < 400; ++i) ASSERT_EQ(client.packet(), "O78");
}

TEST(Server, UnixSocketsAreRemovedInTheEnd) {
  const std::string path = testing::TempDir() + fmt::format("/gdbstub-{}.sock", ::getpid());
  {
    Running server(UnixEndpoint{path});
    EXPECT_EQ(server.host.server->address(), "unix:" + path);
    BasicClient<asio::local::stream_protocol> client{asio::local::stream_protocol::endpoint(path)};
    EXPECT_EQ(client.ask("qC"), "QC1");
    try {
      Running second(UnixEndpoint{path});
      ADD_FAILURE() << "bound twice";
    } catch (const std::system_error& error) {
      EXPECT_THAT(error.what(), HasSubstr("cannot listen on unix:" + path + ": "));
    }
    EXPECT_TRUE(std::filesystem::exists(path)) << "removed by the one that could not bind it";
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Server, AHostMayBeGivenByName) {
  Running server(TcpEndpoint{"localhost", 0});
  EXPECT_THAT(server.host.server->address(), testing::AnyOf(StartsWith("127.0.0.1:"), StartsWith("[::1]:")));
}

TEST(Server, ANameThatNobodyHasIsAnErrorInWords) {
  try {
    const Running server(TcpEndpoint{"no host has this name", 0});
    FAIL() << "it listens";
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), StartsWith("cannot listen on no host has this name:0: Host not found"));
  }
}

TEST(Server, APortInUseIsAnErrorInWords) {
  Running server;
  try {
    Running second(TcpEndpoint{"127.0.0.1", server.port()});
    ADD_FAILURE() << "bound twice";
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), HasSubstr(fmt::format("cannot listen on 127.0.0.1:{}: ", server.port())));
  }
  EXPECT_THROW(Running(TcpEndpoint{"not-an-address", 0}), std::system_error);
}

TEST(Server, APairOfPipes) {
  std::array<int, 2> to{};
  std::array<int, 2> from{};
  ASSERT_EQ(::pipe(to.data()), 0);
  ASSERT_EQ(::pipe(from.data()), 0);
  Running server(StdioEndpoint{to[0], from[1]});
  std::promise<void> finished;
  server.ask([&] { server.host.server->set_when_finished([&] { finished.set_value(); }); });
  const std::string packet = toy::frame("qC");
  ASSERT_EQ(::write(to[1], packet.data(), packet.size()), static_cast<ssize_t>(packet.size()));
  std::array<char, 64> buffer;
  std::string reply;
  while (!reply.ends_with("#c5")) {
    const ssize_t count = ::read(from[0], buffer.data(), buffer.size());
    ASSERT_GT(count, 0);
    reply.append(buffer.data(), static_cast<std::size_t>(count));
  }
  EXPECT_EQ(reply, "+$QC1#c5");
  ::close(to[1]);
  EXPECT_EQ(::read(from[0], buffer.data(), buffer.size()), 0);  // closed in turn
  EXPECT_EQ(server.ask([&] { return server.host.target.times_detached(); }), 1);
  EXPECT_EQ(finished.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  ::close(from[0]);
}

TEST(Server, AClientThatOnlySendsIsAnsweredBeforeTheEnd) {
  Running server;
  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  socket.connect(local(server.port()));
  asio::write(socket, asio::buffer(toy::frame("qC") + toy::frame("qC")));
  socket.shutdown(asio::ip::tcp::socket::shutdown_send);
  std::string all;
  asio::error_code error;
  asio::read(socket, asio::dynamic_buffer(all), error);
  EXPECT_EQ(all, "+$QC1#c5+$QC1#c5");
}

TEST(Server, NothingOfALongAnswerIsLostToAHalfClosedClient) {
  Running server;
  server.ask([&] {
    std::vector<std::uint8_t> noise(0xb000);
    for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
    server.host.target.machine().write(0x4000, noise);
    return 0;
  });
  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  socket.connect(local(server.port()));
  constexpr int requests = 200;
  std::string all;
  for (int i = 0; i < requests; ++i) all += toy::frame("m4000,b000");
  asio::write(socket, asio::buffer(all));
  socket.shutdown(asio::ip::tcp::socket::shutdown_send);
  std::string answer;
  asio::error_code error;
  asio::read(socket, asio::dynamic_buffer(answer), error);
  EXPECT_EQ(std::ranges::count(answer, '$'), requests);
  EXPECT_TRUE(answer.size() > 3 && answer[answer.size() - 3] == '#');
}

}  // namespace
}  // namespace gdbstub
