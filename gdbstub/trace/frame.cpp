// Blocks: R and all registers; M, address, length of two bytes, bytes; V, number of four bytes, value of eight.
#include "gdbstub/trace/frame.h"

#include <algorithm>

#include "gdbstub/agent/little_endian.h"

namespace gdbstub {
namespace {

constexpr std::size_t memory_header = 1 + 8 + 2;
constexpr std::size_t variable_size = 1 + 4 + 8;

}  // namespace

TraceFrame::TraceFrame(std::uint32_t tracepoint, Address at, std::shared_ptr<const TraceRegisters> registers)
    : tracepoint_(tracepoint), at_(at), registers_(std::move(registers)) {
  bytes_.resize(header_size);
}

void TraceFrame::append(std::uint64_t value, std::size_t size) {
  bytes_.resize(bytes_.size() + size);
  put_little_endian(MutableBytes(bytes_).last(size), value);
}

MutableBytes TraceFrame::add_register(RegisterNumber reg) {
  if (collected_.empty()) {
    collected_.resize(registers_->sizes.size());
    append('R', 1);
    registers_at_ = bytes_.size();
    bytes_.resize(bytes_.size() + registers_->total);
  }
  collected_[reg.value] = true;
  return MutableBytes(bytes_).subspan(registers_at_ + registers_->offsets[reg.value], registers_->sizes[reg.value]);
}

MutableBytes TraceFrame::add_memory(Address address, std::size_t length) {
  memory_at_ = bytes_.size();
  append('M', 1);
  append(address.value, 8);
  append(length, 2);
  bytes_.resize(bytes_.size() + length);
  return MutableBytes(bytes_).last(length);
}

void TraceFrame::cut_memory(std::size_t length) {
  if (length == 0) return bytes_.resize(memory_at_);
  put_little_endian(MutableBytes(bytes_).subspan(memory_at_ + 9, 2), length);
  bytes_.resize(memory_at_ + memory_header + length);
}

void TraceFrame::add_variable(std::uint32_t variable, std::uint64_t value) {
  append('V', 1);
  append(variable, 4);
  append(value, 8);
}

Bytes TraceFrame::finish() {
  put_little_endian(MutableBytes(bytes_).first(2), tracepoint_);
  put_little_endian(MutableBytes(bytes_).subspan(2, 4), bytes_.size() - header_size);
  bytes_.shrink_to_fit();
  return bytes_;
}

// visit(type, the block without its type)
template <class Visit>
void TraceFrame::for_each_block(Visit visit) const {
  for (Bytes rest = Bytes(bytes_).subspan(header_size); !rest.empty();) {
    std::size_t size = variable_size;
    if (rest[0] == 'R') size = 1 + registers_->total;
    if (rest[0] == 'M') size = memory_header + from_little_endian(rest.subspan(9, 2));
    visit(static_cast<char>(rest[0]), rest.first(size).subspan(1));
    rest = rest.subspan(size);
  }
}

Address TraceFrame::pc() const {
  const auto value = registers_->pc ? register_value(*registers_->pc) : std::nullopt;
  return value ? Address{from_little_endian(*value)} : at_;
}

std::optional<Bytes> TraceFrame::register_value(RegisterNumber reg) const {
  if (!has_register(reg)) return std::nullopt;
  return Bytes(bytes_).subspan(registers_at_ + registers_->offsets[reg.value], registers_->sizes[reg.value]);
}

std::vector<TraceFrame::MemoryBlock> TraceFrame::memory() const {
  std::vector<MemoryBlock> blocks;
  for_each_block([&](char type, Bytes block) {
    if (type == 'M') blocks.push_back({{from_little_endian(block.first(8))}, block.subspan(memory_header - 1)});
  });
  return blocks;
}

std::size_t TraceFrame::read_memory(Address address, MutableBytes out) const {
  const std::vector<MemoryBlock> blocks = memory();
  std::size_t done = 0;
  while (done < out.size()) {
    const std::uint64_t from = address.value + done;
    const auto has_it = [&](const MemoryBlock& block) { return from - block.start.value < block.bytes.size(); };
    const auto block = std::ranges::find_if(blocks, has_it);
    if (block == blocks.end()) break;
    const Bytes part = block->bytes.subspan(from - block->start.value);
    const std::size_t count = std::min(part.size(), out.size() - done);
    std::ranges::copy(part.first(count), out.subspan(done).begin());
    done += count;
  }
  return done;
}

std::optional<std::uint64_t> TraceFrame::variable(std::uint32_t wanted) const {
  std::optional<std::uint64_t> value;
  for_each_block([&](char type, Bytes block) {
    if (type == 'V' && from_little_endian(block.first(4)) == wanted) value = from_little_endian(block.subspan(4));
  });
  return value;
}

std::vector<std::uint32_t> TraceFrame::variables() const {
  std::vector<std::uint32_t> all;
  for_each_block([&](char type, Bytes block) {
    if (type == 'V') all.push_back(static_cast<std::uint32_t>(from_little_endian(block.first(4))));
  });
  return all;
}

}  // namespace gdbstub
