// The PC around the machine: which devices there are and at which ports.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "vmm/devices/bus.h"
#include "vmm/devices/cmos.h"
#include "vmm/devices/debug_console.h"
#include "vmm/devices/debug_exit.h"
#include "vmm/devices/fw_cfg.h"
#include "vmm/devices/missing_bios.h"
#include "vmm/devices/pci_configuration.h"
#include "vmm/devices/post_port.h"
#include "vmm/devices/power_management.h"
#include "vmm/devices/power_off_ports.h"
#include "vmm/devices/ps2/i8042.h"
#include "vmm/devices/reset_port.h"
#include "vmm/devices/serial_16550.h"
#include "vmm/devices/vga/linear_display.h"
#include "vmm/devices/vga/vga.h"
#include "vmm/devices/virtio/mmio.h"
#include "vmm/machine/chipset.h"
#include "vmm/machine/ide_drives.h"
#include "vmm/machine/interrupt_ports.h"
#include "vmm/machine/rtc_clock.h"

namespace gdbvm {

class Machine;

// Devices join the chipset before the machine exists, and ask the machine for exits and resets later: connect() ties
// the knot. Outlives the machine.
class PcBoard final {
 public:
  // What the guest sends by its serial ports goes there.
  struct SerialOutputs {
    SerialSink& com1;
    SerialSink& com2;
  };
  // `interrupted`: is the calling vCPU's thread wanted elsewhere? Then it puts off what virtio devices still have to
  // do. Throws std::invalid_argument, with a sentence, if the debug-exit port is another device's.
  PcBoard(Chipset& chipset, std::uint64_t memory_size, SerialOutputs serial_outputs,
          std::function<bool()> interrupted = {}, RtcClock rtc = RtcClock::Wall,
          std::uint16_t debug_exit_port = DebugExit::usual_port);
  void connect(Machine& machine);

  // Where the text of Bochs's console goes; to COM1's output unless this is called. `sink` outlives the
  // board. Before the first access.
  void set_debug_console(SerialSink& sink) { debug_console_.set_sink(sink); }
  // Where firmware's log goes; without this there is no port for it. `sink` outlives the board. Before the first
  // access.
  void attach_firmware_log(SerialSink& sink);
  // Who is told, on a vCPU's thread, that the guest calls a BIOS that is not there. Before the first access.
  void set_missing_bios(std::function<void(std::string_view)> tell) { missing_bios_.set_tell(std::move(tell)); }
  Serial16550& com1() { return com1_; }
  Serial16550& com2() { return com2_; }
  // A reset that the guest asks for ends it, as powering off does. Before the first access.
  void end_at_reset() { ends_at_reset_ = true; }
  // What the machine tells its firmware. After connect(), before the first access.
  void attach_fw_cfg(const std::vector<FwCfg::File>& files);
  // The IDE controller with these; without any there is none. After connect(), before the first access.
  void attach(IdeDrives drives);
  // The next of at most x86::wiring::virtio_most. After connect(), before the first access.
  void attach(std::unique_ptr<virtio::Device> device);

 private:
  void attach_debug_ports(std::uint16_t exit_port);
  void add_states();
  void request_reset();
  std::function<void(bool)> line(unsigned irq);

  Chipset& chipset_;
  const std::function<bool()> interrupted_;
  Machine* machine_ = nullptr;
  bool ends_at_reset_ = false;
  PicPorts pic_ports_;
  IoApicWindow io_apic_;
  Serial16550 com1_, com2_;
  DebugExit debug_exit_;
  I8042 keyboard_controller_;
  Vga display_;
  SystemControlA system_control_;
  ResetControl reset_control_;
  PciConfiguration pci_;
  Cmos cmos_;
  PowerManagement power_management_;
  PowerOffPorts power_off_ports_;
  PostPort post_port_;
  DebugConsole debug_console_;
  std::optional<DebugConsole> firmware_log_;
  MissingBios missing_bios_;
  std::optional<LinearDisplay> linear_display_;
  std::optional<FwCfg> fw_cfg_;
  std::optional<ide::Controller> ide_;
  std::vector<std::unique_ptr<virtio::Mmio>> virtio_;
};

}  // namespace gdbvm
