#include "gdbstub/trace/buffer.h"

#include <algorithm>
#include <utility>

namespace gdbstub {

void TraceBuffer::drop_oldest() {
  begin_ += frames_.front().frame->size();
  frames_.pop_front();
  ++dropped_;
}

bool TraceBuffer::add(Frame frame) {
  const std::size_t size = frame->size();
  if (size > limit_ || (!circular_ && used() + size > limit_)) return false;
  while (used() + size > limit_) drop_oldest();
  frames_.push_back({std::move(frame), end_});
  end_ += size;
  return true;
}

void TraceBuffer::clear() {
  frames_.clear();
  begin_ = end_ = dropped_ = 0;
}

void TraceBuffer::set_limit(std::size_t bytes) {
  limit_ = bytes;
  while (used() > limit_) drop_oldest();
}

std::size_t TraceBuffer::copy(std::uint64_t offset, MutableBytes out) const {
  if (offset >= used()) return 0;
  std::uint64_t at = begin_ + offset;
  std::size_t done = 0;
  auto entry = std::prev(std::ranges::upper_bound(frames_, at, {}, &Entry::begin));
  for (; entry != frames_.end() && done < out.size(); ++entry) {
    const Bytes part = entry->frame->bytes().subspan(at - entry->begin);
    const std::size_t count = std::min(part.size(), out.size() - done);
    std::ranges::copy(part.first(count), out.subspan(done).begin());
    done += count;
    at += count;
  }
  return done;
}

}  // namespace gdbstub
