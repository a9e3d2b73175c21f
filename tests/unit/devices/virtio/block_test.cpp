// The block device: reads, writes, their limits, and requests cut into odd pieces.
#include "vmm/devices/virtio/block.h"

#include <gtest/gtest.h>

#include <cstring>
#include <numeric>

#include "tests/unit/devices/disk_file.h"

namespace gdbvm::virtio {
namespace {

using Bytes = std::vector<std::uint8_t>;
enum Type : std::uint32_t { in, out, flush = 4, get_id = 8 };
enum Status : std::uint8_t { ok, io_error, unsupported };

Bytes header(std::uint32_t type, std::uint64_t sector) {
  Bytes bytes(16);
  std::memcpy(bytes.data(), &type, sizeof type);
  std::memcpy(&bytes[8], &sector, sizeof sector);
  return bytes;
}

struct Answer {
  std::uint8_t status;
  std::uint32_t written;
  bool operator==(const Answer&) const = default;
};

class VirtioBlock : public testing::Test {
 protected:
  // `data` is read by the device after the header, or written by it before the status.
  Answer request(Block& block, std::uint32_t type, std::uint64_t sector, Bytes& data) {
    std::uint8_t status = 0xee;
    Request request{header(type, sector), {}};
    if (type == out) {
      request.readable.insert(request.readable.end(), data.begin(), data.end());
    } else if (!data.empty()) {
      request.writable.emplace_back(data);
    }
    request.writable.emplace_back(&status, 1);
    const std::uint32_t written = block.serve(request);
    return {status, written};
  }

  DiskFile file{4 * 512};
};

TEST_F(VirtioBlock, WritesAndReadsBack) {
  Block block(file.path(), DiskMode::ReadWrite);
  Bytes written(1024), read(1024);
  std::iota(written.begin(), written.end(), std::uint8_t{3});
  EXPECT_EQ(request(block, out, 1, written), (Answer{ok, 1}));
  EXPECT_EQ(file.bytes(512, 1024), written);
  EXPECT_EQ(request(block, in, 1, read), (Answer{ok, 1025}));
  EXPECT_EQ(read, written);
  Bytes none;
  EXPECT_EQ(request(block, flush, 0, none), (Answer{ok, 1}));
}

TEST_F(VirtioBlock, FailsWhatIsNotOfTheDisk) {
  Block block(file.path(), DiskMode::ReadWrite);
  Bytes two(1024, 7), odd(100, 7);
  for (const std::uint64_t sector : {std::uint64_t{3}, std::uint64_t{5}, ~std::uint64_t{0}, ~std::uint64_t{0} / 512}) {
    EXPECT_EQ(request(block, in, sector, two), (Answer{io_error, 0})) << sector;
    EXPECT_EQ(request(block, out, sector, two), (Answer{io_error, 1})) << sector;
  }
  EXPECT_EQ(request(block, in, 0, odd), (Answer{io_error, 0}));
  EXPECT_EQ(request(block, out, 0, odd), (Answer{io_error, 1}));
  EXPECT_EQ(request(block, 11, 0, two), (Answer{unsupported, 0}));
  EXPECT_EQ(file.bytes(0, 2048), Bytes(2048));
}

TEST_F(VirtioBlock, AReadOnlyDiskIsNotWritten) {
  Block block(file.path(), DiskMode::ReadOnly);
  Bytes sector(512, 7);
  EXPECT_TRUE(block.features() & 1u << 5);
  EXPECT_EQ(request(block, out, 0, sector), (Answer{io_error, 1}));
  EXPECT_EQ(request(block, in, 0, sector), (Answer{ok, 513}));
  EXPECT_EQ(sector, Bytes(512));
}

TEST_F(VirtioBlock, ADiskInMemoryIsWrittenThere) {
  Block block(file.path(), DiskMode::Snapshot);
  Bytes sector(512, 7), read(512);
  EXPECT_FALSE(block.features() & 1u << 5);
  EXPECT_EQ(request(block, out, 0, sector), (Answer{ok, 1}));
  EXPECT_EQ(request(block, in, 0, read), (Answer{ok, 513}));
  EXPECT_EQ(read, sector);
  EXPECT_EQ(file.bytes(0, 512), Bytes(512));
}

TEST_F(VirtioBlock, AFileThatHasLostItsEndIsAnError) {
  Block block(file.path(), DiskMode::ReadWrite);
  file.cut(512);
  Bytes sector(512);
  EXPECT_EQ(request(block, in, 0, sector), (Answer{ok, 513}));
  EXPECT_EQ(request(block, in, 2, sector), (Answer{io_error, 0}));
}

TEST_F(VirtioBlock, ConfigurationAndSerialNumber) {
  Block block(file.path(), DiskMode::ReadWrite);
  std::uint64_t capacity = 0;
  std::memcpy(&capacity, block.configuration().data(), sizeof capacity);
  EXPECT_EQ(capacity, 4u);
  EXPECT_FALSE(block.features() & 1u << 5);
  Bytes serial(22, 7), little(19);
  EXPECT_EQ(request(block, get_id, 0, serial), (Answer{ok, 23}));
  const std::string path = file.path();
  EXPECT_EQ(std::string(serial.begin(), serial.end()), path.substr(path.size() - 20) + std::string(2, '\0'));
  EXPECT_EQ(request(block, get_id, 0, little), (Answer{io_error, 0}));
}

TEST_F(VirtioBlock, PiecesOfAnySize) {
  Block block(file.path(), DiskMode::ReadWrite);
  Bytes data(512), back(513, 0xee);
  std::iota(data.begin(), data.end(), std::uint8_t{7});
  ASSERT_EQ(request(block, out, 2, data), (Answer{ok, 1}));
  Request read{header(in, 2),
               {std::span(back).first(3), std::span(back).subspan(3)}};  // the status is not a separate piece
  EXPECT_EQ(block.serve(read), 513u);
  data.push_back(ok);
  EXPECT_EQ(back, data);
}

TEST_F(VirtioBlock, ARequestWithoutStatusOrHeader) {
  Block block(file.path(), DiskMode::ReadWrite);
  std::uint8_t status = 0xee;
  Request no_status{header(in, 0), {}}, no_header{Bytes(15), {std::span(&status, 1)}};
  EXPECT_EQ(block.serve(no_status), 0u);
  EXPECT_EQ(block.serve(no_header), 1u);
  EXPECT_EQ(status, io_error);
}

}  // namespace
}  // namespace gdbvm::virtio
