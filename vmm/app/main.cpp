// gdbvm's entry: options in, exit status out.
#include <exception>

#include "vmm/app/application.h"
#include "vmm/app/doctor.h"
#include "vmm/app/exit_status.h"
#include "vmm/host/standard_streams.h"

int main(int argc, char** argv) {
  using namespace gdbvm;
  secure_standard_streams();
  try {
    const auto parsed = parse_options(argc, argv);
    if (const auto* answered = std::get_if<ExitNow>(&parsed)) {
      answered->status == exit_status::success ? print(answered->text + '\n') : tell_user(answered->text);
      return answered->status;
    }
    if (const auto* doctor = std::get_if<DoctorOptions>(&parsed)) return run_doctor(doctor->json);
    return run_application(std::get<Options>(parsed));
  } catch (const std::exception& error) {
    tell_user("{}", error.what());
    return exit_status::bad_input;
  }
}
