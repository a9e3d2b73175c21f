// The guest's input and output, which are the present's while the guest is in its past.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <asio/io_context.hpp>

#include "gdbstub/types.h"
#include "vmm/console/present_output.h"

namespace gdbvm {

class PresentIo final {
 public:
  // `context` runs on the debugger's thread, and outlives this.
  explicit PresentIo(asio::io_context& context) : context_(context) {}

  // What is written there in the past goes nowhere. It lives as long as this, and `to` longer.
  SerialSink& output(SerialSink& to);
  // Gives the guest what was typed; true: there is room for more. An error: it was not taken.
  using Give = std::function<gdbstub::Result<bool>(std::span<const std::uint8_t>)>;
  // `resume`: there is room again. Before the first receive().
  void set_input(Give give, std::function<void()> resume);
  // Typed for the guest: in the past it waits. true: there is room for more. On the debugger's thread.
  bool receive(std::span<const std::uint8_t> bytes);
  // From any thread.
  void set_in_past(bool in_past);

 private:
  asio::io_context& context_;
  std::atomic<bool> in_past_ = false;
  std::vector<std::unique_ptr<SerialSink>> outputs_;
  Give give_;
  std::function<void()> resume_;
  std::vector<std::uint8_t> typed_;  // and not given yet
};

}  // namespace gdbvm
