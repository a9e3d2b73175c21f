// The options that watch the guest without stopping it.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gdbvm {

struct ObservationOptions {
  std::string coverage;                  // the file for it; empty: none is kept
  std::vector<std::string> coverage_of;  // patterns for source files; empty: all
};

class ObservationOptionGroup final {
 public:
  // Declares the options. `app` parses into this object, which stays where it is.
  explicit ObservationOptionGroup(CLI::App& app);
  ObservationOptionGroup(const ObservationOptionGroup&) = delete;
  ObservationOptionGroup& operator=(const ObservationOptionGroup&) = delete;

  const ObservationOptions& options() const { return options_; }

 private:
  ObservationOptions options_;
};

}  // namespace gdbvm
