// gdbvm's entry: options in, exit status out.
#include <cstdio>
#include <exception>

#include <fmt/format.h>

#include "vmm/app/application.h"
#include "vmm/app/doctor.h"
#include "vmm/app/exit_status.h"
#include "vmm/host/setup_error.h"

int main(int argc, char** argv) {
  using namespace gdbvm;
  try {
    const auto parsed = parse_options(argc, argv);
    if (const auto* answered = std::get_if<ExitNow>(&parsed)) {
      fmt::print(answered->status == 0 ? stdout : stderr, "{}\n", answered->text);
      return answered->status;
    }
    if (const auto* doctor = std::get_if<DoctorOptions>(&parsed)) return run_doctor(doctor->json);
    return run_application(std::get<Options>(parsed));
  } catch (const std::exception& error) {
    fmt::print(stderr, "gdbvm: {}\n", error.what());
    return exit_status::bad_input;
  }
}
