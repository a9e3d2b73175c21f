#include "vmm/app/options/observation.h"

#include "vmm/app/options/declaration.h"

namespace gdbvm {

ObservationOptionGroup::ObservationOptionGroup(CLI::App& app) {
  ObservationOptions& o = options_;
  options::Group group(app, "Observation");
  group.add("--coverage", "FILE", "Write which source lines the guest has executed, in lcov's format",
            [&](const std::string& text) { o.coverage = text; });
  group.add_repeatable("--coverage-of", "PATTERN", "Only of such source files: 'kernel/*' (all; repeatable)",
                       [&](const std::vector<std::string>& texts) { o.coverage_of = texts; });
}

}  // namespace gdbvm
