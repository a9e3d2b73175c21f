#include "vmm/app/present_io.h"

#include <utility>

#include <asio/post.hpp>

namespace gdbvm {

SerialSink& PresentIo::output(SerialSink& to) {
  return *outputs_.emplace_back(std::make_unique<PresentOutput>(to, in_past_));
}

void PresentIo::set_input(Give give, std::function<void()> resume) {
  give_ = std::move(give);
  resume_ = std::move(resume);
}

bool PresentIo::receive(std::span<const std::uint8_t> bytes) {
  typed_.insert(typed_.end(), bytes.begin(), bytes.end());
  if (in_past_) return false;
  const auto room = give_(typed_);
  if (room) typed_.clear();
  return room.value_or(false);
}

void PresentIo::set_in_past(bool in_past) {
  in_past_ = in_past;
  if (in_past) return;
  asio::post(context_, [this] {
    if (!typed_.empty() && receive({})) resume_();
  });
}

}  // namespace gdbvm
