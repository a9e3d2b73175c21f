// The frames of a trace, in the order in which they were collected, within a limit of bytes.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>

#include "gdbstub/trace/frame.h"

namespace gdbstub {

// A circular buffer drops its oldest frames for new ones. Frames are numbered from the oldest one kept; a serial number
// stays a frame's own. No locks.
class TraceBuffer {
 public:
  static constexpr std::size_t default_limit = 5 * 1024 * 1024;
  using Frame = std::shared_ptr<const TraceFrame>;

  // false: there is no room for it.
  bool add(Frame frame);
  void clear();
  // Drops the oldest frames that are beyond the limit.
  void set_limit(std::size_t bytes);
  void set_circular(bool circular) { circular_ = circular; }

  bool circular() const { return circular_; }
  std::size_t limit() const { return limit_; }
  std::size_t used() const { return end_ - begin_; }
  std::size_t count() const { return frames_.size(); }
  std::uint64_t created() const { return dropped_ + frames_.size(); }
  std::uint64_t first_serial() const { return dropped_; }
  const Frame& at(std::size_t number) const { return frames_[number].frame; }
  // Copies what stands at `offset`, counted from the oldest frame; returns how much that is.
  std::size_t copy(std::uint64_t offset, MutableBytes out) const;

 private:
  struct Entry {
    Frame frame;
    std::uint64_t begin;  // counted from the first frame ever
  };
  void drop_oldest();

  std::deque<Entry> frames_;
  std::uint64_t begin_ = 0, end_ = 0, dropped_ = 0;
  std::size_t limit_ = default_limit;
  bool circular_ = false;
};

}  // namespace gdbstub
