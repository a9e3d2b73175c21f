// Walks the tags and takes or refuses each.
#include "vmm/boot/multiboot2_header.h"

#include "vmm/boot/little_endian.h"
#include "vmm/boot/multiboot2.h"

namespace gdbvm::boot {

namespace {

struct Header {
  std::uint32_t magic, architecture, length, checksum;
};
constexpr std::uint32_t header_magic = 0xe85250d6, i386 = 0;

// 3.1.4 and the sections after it.
struct Tag {
  std::uint16_t type, flags;
  std::uint32_t size;  // with this head, without the padding to 8 bytes
};
constexpr std::uint16_t optional_tag = 1;
enum TagType : std::uint16_t {
  end_tag = 0,
  information_request = 1,
  address_tag = 2,
  entry_tag = 3,
  console_flags = 4,
  module_alignment = 6,
  efi_boot_services = 7,
  efi_entry32 = 8,
  efi_entry64 = 9,
  relocatable = 10,
};

// The first wanted type of information that the specification does not know. One that it knows may be left out where
// there is none (3.1.5): a machine without EFI has no EFI system table. So does GRUB.
std::optional<std::uint32_t> first_unknown(std::span<const std::uint8_t> wanted) {
  for (std::uint64_t at = 0;; at += sizeof(std::uint32_t)) {
    const auto type = load<std::uint32_t>(wanted, at);
    if (!type || *type > multiboot2_tag::last) return type;
  }
}

// What one tag asks for; a sentence's predicate when it cannot be had.
std::optional<std::string> take(const Tag& tag, std::span<const std::uint8_t> body, Multiboot2Header& header) {
  const bool may_be_ignored = tag.flags & optional_tag;
  switch (tag.type) {
    case information_request:
      if (const auto type = first_unknown(body); type && !may_be_ignored) {
        return fmt::format("demands information of type {}, which Multiboot2 does not have", *type);
      }
      return std::nullopt;
    case address_tag:
      header.addresses = load<LoadAddresses>(body, 0);
      if (!header.addresses) return "is damaged: its address tag is too short";
      return std::nullopt;
    case entry_tag:
      if (const auto entry = load<std::uint32_t>(body, 0)) {
        header.entry = Gpa{*entry};
        return std::nullopt;
      }
      return "is damaged: its entry tag is too short";
    case console_flags:     // there is a serial console, and text memory that is not shown
    case module_alignment:  // always
    case relocatable:       // and loaded where it was linked
    case efi_boot_services:
    case efi_entry32:  // these say how to start on EFI, and nothing on other machines (3.1.10 to 3.1.12)
    case efi_entry64:
      return std::nullopt;
    default:
      if (may_be_ignored) return std::nullopt;
      return fmt::format("demands what its tag {} describes, which gdbvm does not have", tag.type);
  }
}

}  // namespace

std::optional<std::uint64_t> find_multiboot2_header(std::span<const std::uint8_t> image) {
  constexpr std::uint64_t searched = 32768;
  for (std::uint64_t at = 0; at < searched; at += 8) {
    const auto header = load<Header>(image, at);
    if (!header) return std::nullopt;
    const bool sum = header->magic + header->architecture + header->length + header->checksum == 0;
    if (header->magic == header_magic && sum) return at;
  }
  return std::nullopt;
}

std::expected<Multiboot2Header, ImageError> parse_multiboot2_header(std::span<const std::uint8_t> image,
                                                                    const std::string& name) {
  const auto offset = find_multiboot2_header(image);
  if (!offset) return std::unexpected(name + " has no multiboot2 header with a correct checksum");
  const auto fixed = *load<Header>(image, *offset);
  const auto bad = [&](const std::string& what) { return std::unexpected(name + ": its multiboot2 header " + what); };
  if (fixed.architecture != i386) return bad(fmt::format("is for architecture {}, not i386", fixed.architecture));
  if (fixed.length > image.size() - *offset) return bad("is damaged or truncated: it reaches beyond the file");
  const auto tags = image.subspan(*offset, fixed.length);
  Multiboot2Header header{*offset, {}, {}};
  for (std::uint64_t at = sizeof fixed;;) {
    const auto tag = load<Tag>(tags, at);
    if (!tag) return bad("is damaged: it has no end tag");
    if (tag->type == end_tag) return header;
    if (tag->size < sizeof *tag || tag->size > tags.size() - at) return bad("is damaged: a tag reaches beyond it");
    if (const auto problem = take(*tag, tags.subspan(at + sizeof *tag, tag->size - sizeof *tag), header)) {
      return bad(*problem);
    }
    at += (std::uint64_t{tag->size} + 7) & ~std::uint64_t{7};
  }
}

}  // namespace gdbvm::boot
