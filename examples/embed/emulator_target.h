// The emulator as gdbvm's stub sees it: embedding the stub takes no more than this file.
#pragma once

#include <algorithm>
#include <cstring>
#include <utility>

#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include "emulator.h"
#include "gdbstub/server/server.h"
#include "registers.h"

using namespace gdbstub;

struct EmulatorTarget final : Target, Breakpoints {
  asio::io_context context;
  Session session{*this};
  Server server;
  Emulator emulator;
  std::vector<std::uint64_t> planted;
  bool resumed = false;
  TargetDescription registers = describe();

  explicit EmulatorTarget(const Endpoint& endpoint) : server(context, session, endpoint) {}
  const TargetDescription& description() override { return registers; }
  std::vector<ThreadId> threads() override { return {{1}}; }
  Result<> read_register(ThreadId, RegisterNumber number, MutableBytes out) override {
    std::ranges::fill(out, 0);
    if (number.value < 17) std::memcpy(out.data(), &emulator.registers[number.value], 8);
    return {};
  }
  Result<> write_register(ThreadId, RegisterNumber number, Bytes bytes) override {
    if (number.value >= 17) return fail("the emulator has no such register");
    std::memcpy(&emulator.registers[number.value], bytes.data(), 8);
    return {};
  }
  Result<std::size_t> read_memory(ThreadId, Address address, MutableBytes out) override {
    if (address.value >= sizeof emulator.ram) return fail(fmt::format("there is no memory at {}", address));
    const auto ram = Bytes(emulator.ram).subspan(address.value);
    std::ranges::copy(ram.first(std::min(ram.size(), out.size())), out.begin());
    return std::min(ram.size(), out.size());
  }
  Result<> write_memory(ThreadId, Address address, Bytes bytes) override {
    if (address.value > 64 || bytes.size() > 64 - address.value) return fail("there are but 64 bytes of memory");
    std::ranges::copy(bytes, emulator.ram + address.value);
    return {};
  }
  Result<> resume(std::span<const ThreadAction> actions) override {
    resumed = true;
    asio::post(context, [this, kind = actions[0].kind] { run(kind); });
    return {};
  }
  void interrupt() override { stop(stop::Signalled{Signal::Int}); }
  bool running() override { return resumed; }
  Breakpoints* breakpoints() override { return this; }
  Result<std::string> insert(BreakpointKind, Address at, std::shared_ptr<const HitAction>) override {
    planted.push_back(at.value);
    return {};
  }
  Result<> remove(BreakpointKind, Address at) override { return std::erase(planted, at.value), Result<>(); }

  // One instruction at a time, so that the debugger is served in between.
  void run(ResumeKind kind) {
    if (!resumed) return;
    if (!emulator.step()) return stop(stop::Signalled{Signal::Ill});
    if (kind != ResumeKind::Continue) return stop(stop::StepComplete{});
    if (std::ranges::count(planted, emulator.registers[Emulator::rip])) return stop(stop::SoftwareBreakpoint{});
    asio::post(context, [this, kind] { run(kind); });
  }
  void stop(StopReason reason) {
    if (std::exchange(resumed, false)) server.post(StopEvent{{1}, reason, {}});
  }
};
