// The items, and the two ways to read them.
#include "vmm/devices/fw_cfg.h"

#include <algorithm>
#include <array>
#include <limits>

#include "vmm/memory/big_endian.h"
#include "vmm/memory/guest_memory.h"

namespace gdbvm {

namespace {

using Bytes = std::vector<std::uint8_t>;

enum Item : std::uint16_t {
  signature = 0x00,
  interfaces = 0x01,
  ram_size = 0x03,
  cpus_now = 0x05,
  cpus_most = 0x0f,
  directory = 0x19,
  first_file = 0x20,
};
constexpr std::uint8_t has_ports = 1, has_dma = 2;
// The control word of a DMA request; the item to select is in its upper half.
enum Control : std::uint32_t { failed = 1, reads = 2, skips = 4, selects = 8, writes = 16 };
constexpr std::size_t request_size = 16, longest_name = 56;
constexpr std::array<std::uint8_t, 8> dma_signature{'Q', 'E', 'M', 'U', ' ', 'C', 'F', 'G'};

Bytes little_endian(std::uint64_t value, unsigned size) {
  Bytes bytes;
  for (unsigned i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> 8 * i));
  return bytes;
}

void put_entry(Bytes& to, const FwCfg::File& file, std::uint16_t item) {
  put_big_endian(to, static_cast<std::uint32_t>(file.bytes.size()), 4);
  put_big_endian(to, item, 2);
  put_big_endian(to, 0, 2);
  const std::size_t end = to.size() + longest_name;
  to.insert(to.end(), file.name.begin(), file.name.begin() + std::min(file.name.size(), longest_name - 1));
  to.resize(end);
}

}  // namespace

FwCfg::FwCfg(GuestMemory& memory, std::uint16_t cpus, const std::vector<File>& files) : memory_(memory) {
  items_[signature] = {'Q', 'E', 'M', 'U'};
  items_[interfaces] = {has_ports | has_dma, 0, 0, 0};
  items_[ram_size] = little_endian(memory.size(), 8);
  items_[cpus_now] = items_[cpus_most] = little_endian(cpus, 2);
  Bytes& list = items_[directory];
  put_big_endian(list, static_cast<std::uint32_t>(files.size()), 4);
  for (std::uint16_t item = first_file; const File& file : files) {
    put_entry(list, file, item);
    items_[item++] = file.bytes;
  }
}

std::span<const std::uint8_t> FwCfg::rest_of_item() const {
  const auto item = items_.find(item_);
  if (item == items_.end() || at_ >= item->second.size()) return {};
  return std::span(item->second).subspan(at_);
}

void FwCfg::select(std::uint16_t item) {
  item_ = item;
  at_ = 0;
}

void FwCfg::skip(std::uint32_t count) { at_ += std::min(count, std::numeric_limits<std::uint32_t>::max() - at_); }

std::uint8_t FwCfg::next() {
  const auto rest = rest_of_item();
  skip(1);
  return rest.empty() ? std::uint8_t{0} : rest.front();
}

bool FwCfg::copy(std::uint64_t to, std::uint32_t count) {
  static constexpr std::array<std::uint8_t, page_size> zeros{};
  while (count > 0) {
    auto piece = rest_of_item();
    if (piece.empty()) piece = zeros;
    piece = piece.first(std::min<std::size_t>(piece.size(), count));
    if (!memory_.writable_at({to}, piece.size()) || !memory_.write({to}, piece)) return false;
    to += piece.size();
    count -= static_cast<std::uint32_t>(piece.size());
    skip(static_cast<std::uint32_t>(piece.size()));
  }
  return true;
}

void FwCfg::run_dma(std::uint64_t request) {
  std::array<std::uint8_t, request_size> bytes{};
  if (memory_.read_own({request}, bytes) != bytes.size() || memory_.is_rom({request})) return;
  const std::span words(bytes);
  const auto control = static_cast<std::uint32_t>(big_endian(words.first(4)));
  const auto count = static_cast<std::uint32_t>(big_endian(words.subspan(4, 4)));
  if (control & selects) select(static_cast<std::uint16_t>(control >> 16));
  bool done = true;
  if (control & reads) {
    done = copy(big_endian(words.subspan(8)), count);
  } else if (control & writes) {
    done = false;
  } else if (control & skips) {
    skip(count);
  }
  Bytes result;
  put_big_endian(result, done ? 0u : std::uint32_t{failed}, 4);
  memory_.write({request}, result);
}

void FwCfg::read(std::uint16_t offset, std::span<std::uint8_t> out) {
  std::ranges::fill(out, 0xff);
  const std::lock_guard lock(mutex_);
  if (offset >= dma_offset) {
    std::copy_n(dma_signature.begin() + (offset - dma_offset), out.size(), out.begin());
  } else if (out.size() == 1) {
    out[0] = next();
  }
}

void FwCfg::write(std::uint16_t offset, std::span<const std::uint8_t> bytes) {
  const std::lock_guard lock(mutex_);
  if (offset == 0 && bytes.size() == 2) select(static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8));
  if (bytes.size() != sizeof dma_high_) return;
  const auto value = static_cast<std::uint32_t>(big_endian(bytes));
  if (offset == dma_offset) dma_high_ = value;
  if (offset == dma_offset + sizeof dma_high_) {
    run_dma(std::uint64_t{dma_high_} << 32 | value);
    dma_high_ = 0;
  }
}

void FwCfg::reset() {
  const std::lock_guard lock(mutex_);
  select(0);
  dma_high_ = 0;
}

void FwCfg::save(StateWriter& to) const {
  const std::lock_guard lock(mutex_);
  to.put(item_);
  to.put(at_);
  to.put(dma_high_);
}

void FwCfg::restore(StateReader& from) {
  const auto item = from.get<std::uint16_t>();
  const auto at = from.get<std::uint32_t>(), dma_high = from.get<std::uint32_t>();
  const std::lock_guard lock(mutex_);
  item_ = item;
  at_ = at;
  dma_high_ = dma_high;
}

}  // namespace gdbvm
