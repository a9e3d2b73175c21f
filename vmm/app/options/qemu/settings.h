// The values that QEMU's options have: settings between commas.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gdbvm::qemu {

struct Setting {
  std::string key, value;
};

// "a=b,c,d=e": a comma that is doubled belongs to the text around it. A word without `=` is the value of `first` where
// it comes first and `first` is not empty, else a flag, whose value is "on".
std::vector<Setting> settings_of(std::string_view text, std::string_view first = {});

bool is_on(const Setting& setting);  // on, yes, true or y
// What is between commas, those that are doubled being text.
std::vector<std::string> split_at_commas(std::string_view text);

}  // namespace gdbvm::qemu
