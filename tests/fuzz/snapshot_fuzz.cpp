// Any bytes in place of some of a snapshot's, with and without a checksum that fits.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "tests/fuzz/foreign_state.h"
#include "vmm/host/sparse_write.h"
#include "vmm/snapshot/saved_machine.h"

using namespace gdbvm;
using namespace gdbvm::snapshot;

namespace {

constexpr std::uint64_t ram_size = 2 * page_size;

// What a writer makes of a machine with a disk and a ROM, up to RAM.
std::vector<std::uint8_t> valid_file() {
  StateWriter body;
  Description description;
  description.cpuid = {{.function = 1}};
  description.disks = {{"/disk", DiskMode::Snapshot}};
  description.image = "/image";
  put(body, description);
  body.put(std::uint32_t{1});
  body.put(std::uint64_t{0xfffff000});
  body.put_list(std::span<const std::uint8_t>(std::vector<std::uint8_t>(page_size, 1)));
  body.put_list(std::span<const char>("states"));
  body.put_list(std::span<const char>("disks"));
  const FileHeader header{.body_size = body.bytes().size(), .ram_offset = 2 * page_size, .ram_size = ram_size};
  std::vector<std::uint8_t> file(sizeof header + header.body_size);
  std::memcpy(file.data(), &header, sizeof header);
  std::memcpy(file.data() + sizeof header, body.bytes().data(), header.body_size);
  file.resize(2 * page_size);
  return file;
}

void fit_checksum(std::vector<std::uint8_t>& file) {
  FileHeader header;
  std::memcpy(&header, file.data(), sizeof header);
  const auto bytes = std::as_bytes(std::span(file)).subspan(sizeof header);
  header.checksum = checksum_of(header, bytes.first(std::min<std::uint64_t>(header.body_size, bytes.size())));
  std::memcpy(file.data(), &header, sizeof header);
}

void use(const SavedMachine& saved) {
  StateWriter first;
  put(first, saved.description());
  StateReader reader(first.bytes());
  require(get_description(reader) == saved.description() && reader.empty());
  GuestMemory memory(saved.memory_size());
  for (const auto& rom : saved.roms()) {
    memory.add_rom(rom.start, rom.bytes.size());
    require(memory.write(rom.start, rom.bytes));
  }
  saved.map_ram(memory);
  require(*memory.at({saved.memory_size() - 1}, 1) == std::byte{0});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto valid = valid_file();
  Input input({bytes, size});
  auto file = valid;
  const bool fits = input.get<std::uint8_t>() % 4 != 0;
  const std::uint64_t whole = valid.size() + ram_size;
  const std::uint64_t cut = input.get<std::uint8_t>() % 8 ? 0 : input.get<std::uint16_t>() % whole;
  put_in(file, input);
  if (fits) fit_checksum(file);
  const Fd made(::memfd_create("snapshot", MFD_CLOEXEC));
  require(write_at(made.get(), file, 0));
  require(::ftruncate(made.get(), static_cast<off_t>(whole - cut)) == 0);
  const std::string path = fmt::format("/proc/self/fd/{}", made.get());
  const auto saved = SavedMachine::open(path);
  saved ? use(*saved) : require(!saved.error().empty());
  return 0;
}
