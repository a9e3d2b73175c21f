#include "vmm/app/options/qemu/settings.h"

namespace gdbvm::qemu {

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_doubled = text.substr(i, 2) == ",,";
    if (text[i] == ',' && !is_doubled) {
      parts.emplace_back();
      continue;
    }
    parts.back() += text[i];
    if (is_doubled) ++i;
  }
  return parts;
}

std::vector<Setting> settings_of(std::string_view text, std::string_view first) {
  std::vector<Setting> settings;
  for (const std::string& part : split_at_commas(text)) {
    const std::size_t equals = part.find('=');
    if (equals != part.npos) {
      settings.push_back({part.substr(0, equals), part.substr(equals + 1)});
    } else if (settings.empty() && !first.empty()) {
      settings.push_back({std::string(first), part});
    } else if (!part.empty()) {
      settings.push_back({part, "on"});
    }
  }
  return settings;
}

bool is_on(const Setting& setting) {
  return setting.value == "on" || setting.value == "yes" || setting.value == "true" || setting.value == "y";
}

}  // namespace gdbvm::qemu
