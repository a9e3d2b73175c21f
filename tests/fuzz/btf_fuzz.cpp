// Any bytes as a kernel's BTF and as a module's file. Every lookup ends, and stays within the bytes.
#include <cstdlib>
#include <cstring>
#include <vector>

#include "tests/unit/symbols/btf_maker.h"
#include "vmm/symbols/module_file.h"
#include "vmm/symbols/module_layout.h"

using namespace gdbvm::symbols;

namespace {

// The input's bytes on top of a valid file, at the offset in its first two: the fuzzer does not have to guess it all.
std::vector<std::uint8_t> changed(std::vector<std::uint8_t> right, const std::uint8_t* bytes, std::size_t size) {
  const std::size_t at = (bytes[0] | bytes[1] << 8) % right.size();
  std::memcpy(&right[at], bytes + 2, std::min(size - 2, right.size() - at));
  return right;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::vector<std::uint8_t> plain(bytes, bytes + size);
  (void)allocated_sections(plain);
  std::vector<std::vector<std::uint8_t>> inputs{plain};
  if (size > 2) {
    inputs.push_back(changed(module_types(KernelAge::Counted), bytes, size));
    inputs.push_back(changed(module_types(KernelAge::Listed), bytes, size));
  }
  for (auto& input : inputs) {
    const auto btf = Btf::parse(std::move(input));
    if (!btf) {
      if (btf.error().empty()) std::abort();
      continue;
    }
    (void)module_layout(*btf);
    for (std::uint32_t type = 0; type < 50; ++type) {
      (void)btf->size_of(type);
      (void)btf->element_of(type);
      (void)btf->member(type, "list.next");
    }
  }
  return 0;
}
