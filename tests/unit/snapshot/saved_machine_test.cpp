// Files that are no snapshots, not whole, or changed.
#include "vmm/snapshot/saved_machine.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include <gmock/gmock.h>

#include "tests/unit/snapshot/snapshot_rig.h"

namespace gdbvm::snapshot {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* contradiction = "is damaged: the sizes in its header contradict each other";

struct SavedMachineTest : testing::Test, SnapshotRig {
  SavedMachineTest() {
    use_memory();
    EXPECT_EQ(write(), "");
    bytes = read_whole(path);
    std::memcpy(&header, bytes.data(), sizeof header);
  }
  std::string refusal_of(const std::vector<std::uint8_t>& changed) {
    directory.write("snapshot", changed);
    return refusal();
  }
  // With sizes and a checksum that fit, as somebody makes it who knows the format.
  std::string refusal_of_body(const std::function<void(StateWriter&)>& write) {
    StateWriter body;
    write(body);
    FileHeader changed = header;
    changed.body_size = body.bytes().size();
    changed.ram_offset = (sizeof changed + changed.body_size + page_size - 1) / page_size * page_size;
    changed.checksum = checksum_of(changed, body.bytes());
    std::vector<std::uint8_t> all(changed.ram_offset + changed.ram_size);
    std::memcpy(all.data(), &changed, sizeof changed);
    if (changed.body_size) std::memcpy(all.data() + sizeof changed, body.bytes().data(), changed.body_size);
    return refusal_of(all);
  }
  std::string refusal_of_header(FileHeader changed) {
    std::vector<std::uint8_t> all = bytes;
    std::memcpy(all.data(), &changed, sizeof changed);
    return refusal_of(all);
  }

  std::vector<std::uint8_t> bytes;
  FileHeader header;
};

TEST_F(SavedMachineTest, OtherFilesAreRefused) {
  EXPECT_EQ(refusal_of({}), "is not a snapshot that gdbvm wrote");
  EXPECT_EQ(refusal_of({'g', 'd', 'b'}), "is not a snapshot that gdbvm wrote");
  EXPECT_EQ(refusal_of(std::vector<std::uint8_t>(10000, 'x')), "is not a snapshot that gdbvm wrote");
  EXPECT_EQ(SavedMachine::open("/nowhere/x").error(), "cannot open /nowhere/x: No such file or directory");
  EXPECT_EQ(SavedMachine::open("/dev/null").error(), "/dev/null is not a regular file");
  EXPECT_EQ(SavedMachine::open("/").error(), "/ is not a regular file");
  std::filesystem::remove(path);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(refusal(), "is not a regular file");
}

TEST_F(SavedMachineTest, OtherFormatsAreNamed) {
  FileHeader other = header;
  other.version = file_version + 1;
  EXPECT_EQ(refusal_of_header(other),
            "is a snapshot of format 4, and this gdbvm knows format 3: a newer gdbvm restores it");
  other.version = 0;
  EXPECT_EQ(refusal_of_header(other),
            "is a snapshot of format 0, and this gdbvm knows format 3: an older gdbvm restores it");
}

TEST_F(SavedMachineTest, ATruncatedOneIsRefusedWhereverItEnds) {
  for (std::size_t size : {std::size_t{15}, std::size_t{16}, sizeof header - 1, sizeof header, sizeof header + 1,
                           std::size_t{header.ram_offset}, bytes.size() - page_size, bytes.size() - 1}) {
    const std::string why = refusal_of({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)});
    EXPECT_THAT(why, size < 16 ? StartsWith("is not a snapshot") : StartsWith("is truncated: it ")) << size;
  }
  bytes.push_back(0);
  EXPECT_EQ(refusal_of(bytes), "is damaged: there are bytes after its end");
}

TEST_F(SavedMachineTest, NoBitBeforeRamMayChange) {
  for (std::size_t at = 0; at < sizeof header + header.body_size; at += at < sizeof header ? 1 : 37) {
    auto changed = bytes;
    changed[at] ^= 0x10;
    EXPECT_NE(refusal_of(changed), "") << at;
  }
  auto changed = bytes;
  changed[sizeof header + 3] ^= 1;
  EXPECT_EQ(refusal_of(changed), "is damaged: its checksum is wrong");
  changed = bytes;
  changed[offsetof(FileHeader, reserved)] = 1;
  EXPECT_EQ(refusal_of(changed), "is damaged: its checksum is wrong");
  changed = bytes;
  changed[offsetof(FileHeader, checksum)] ^= 1;
  EXPECT_EQ(refusal_of(changed), "is damaged: its checksum is wrong");
}

TEST_F(SavedMachineTest, SizesThatCannotBeAreRefused) {
  const auto with = [&](std::uint64_t FileHeader::* field, std::uint64_t value) {
    FileHeader changed = header;
    changed.*field = value;
    return refusal_of_header(changed);
  };
  for (const std::uint64_t size : {~std::uint64_t{0}, ~std::uint64_t{0} - 55, std::uint64_t{1} << 63, bytes.size()}) {
    EXPECT_EQ(with(&FileHeader::body_size, size), contradiction) << size;
  }
  for (const std::uint64_t offset : {std::uint64_t{0}, header.ram_offset + 1, ~std::uint64_t{0xfff}}) {
    EXPECT_EQ(with(&FileHeader::ram_offset, offset), contradiction) << offset;
  }
  for (const std::uint64_t size : {std::uint64_t{0}, header.ram_size + 8, ~std::uint64_t{0xfff}}) {
    EXPECT_EQ(with(&FileHeader::ram_size, size), contradiction) << size;
  }
  EXPECT_THAT(with(&FileHeader::ram_size, std::uint64_t{1} << 40), StartsWith("is truncated: it has "));
  for (const std::uint64_t size : {std::uint64_t{8}, ~std::uint64_t{0xfff}}) {
    EXPECT_EQ(with(&FileHeader::display_size, size), contradiction) << size;
  }
  EXPECT_THAT(with(&FileHeader::display_size, page_size), StartsWith("is truncated: it has "));
  EXPECT_EQ(with(&FileHeader::ram_size, header.ram_size - page_size), "is damaged: there are bytes after its end");
  EXPECT_EQ(with(&FileHeader::body_size, header.body_size - 1), "is damaged: its checksum is wrong");
}

// The checksum is no protection from whoever means harm.
TEST_F(SavedMachineTest, ABodyThatGdbvmDoesNotWriteIsRefused) {
  const auto described = [](const Description& description) {
    return [=](StateWriter& body) {
      put(body, description);
      body.put(std::uint32_t{0});
      body.put_list(std::span<const std::byte>());
      body.put_list(std::span<const std::byte>());
    };
  };
  EXPECT_EQ(refusal_of_body(described(some_description())), "");
  Description wrong = some_description();
  wrong.cpus = 256;
  EXPECT_EQ(refusal_of_body(described(wrong)), "is damaged: there is no machine of so many CPUs");
  wrong.cpus = 0;
  EXPECT_EQ(refusal_of_body(described(wrong)), "is damaged: there is no machine of so many CPUs");
  wrong = some_description();
  wrong.architecture = static_cast<boot::GuestArchitecture>(3);
  EXPECT_THAT(refusal_of_body(described(wrong)), HasSubstr("a choice that this gdbvm does not know"));
  wrong = some_description();
  wrong.disks[0].mode = static_cast<DiskMode>(3);
  EXPECT_THAT(refusal_of_body(described(wrong)), HasSubstr("a choice that this gdbvm does not know"));
  EXPECT_THAT(refusal_of_body([&](StateWriter& body) {
                described(some_description())(body);
                body.put(std::uint8_t{0});
              }),
              HasSubstr("longer than its parts"));
  EXPECT_THAT(refusal_of_body([&](StateWriter& body) { body.put(~std::uint64_t{0}); }), HasSubstr("is damaged: "));
  EXPECT_THAT(refusal_of_body([](StateWriter&) {}), HasSubstr("is damaged: "));
}

TEST_F(SavedMachineTest, ARomIsInTheHole) {
  const auto with_rom = [&](std::uint64_t start, std::size_t size, std::uint64_t second = 0) {
    return refusal_of_body([&](StateWriter& body) {
      const std::vector<std::uint8_t> content(size, 1);
      put(body, {});
      body.put(std::uint32_t{second ? 2u : 1u});
      for (const std::uint64_t at : {start, second}) {
        if (at == 0) continue;
        body.put(at);
        body.put_list(std::span<const std::uint8_t>(content));
      }
      body.put_list(std::span<const std::byte>());
      body.put_list(std::span<const std::byte>());
    });
  };
  constexpr const char* wrong = "is damaged: it has a ROM where none can be";
  EXPECT_EQ(with_rom(0xfffff000, page_size), "");
  EXPECT_EQ(with_rom(0xfffff000, 10), wrong);
  EXPECT_EQ(with_rom(0xfffff000, 0), wrong);
  EXPECT_EQ(with_rom(0xfffff800, page_size), wrong);
  EXPECT_EQ(with_rom(0xb0000000, page_size), wrong);
  EXPECT_EQ(with_rom(0x100000000, page_size), wrong);
  EXPECT_EQ(with_rom(0xfffffffffffff000, page_size), wrong);
  EXPECT_EQ(with_rom(0xffffe000, page_size, 0xfffff000), "");
  EXPECT_EQ(with_rom(0xfffff000, page_size, 0xfffff000), wrong);
}

}  // namespace
}  // namespace gdbvm::snapshot
