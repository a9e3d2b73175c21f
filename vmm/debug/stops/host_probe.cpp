// Finds out what this host's KVM reports to a debugger, with a throwaway VM that runs a few bytes in each CPU mode.
#include "vmm/debug/stops/host_probe.h"

#include <algorithm>
#include <cstring>

#include "vmm/memory/guest_memory.h"
#include "vmm/x86/exceptions.h"
#include "vmm/x86/segments.h"

namespace gdbvm {

namespace {

// The probe's guest memory. Everything is identity-mapped and lies below 64 KiB, so that real mode reaches it too.
constexpr std::uint64_t memory_size = 0x20000, page_tables = 0x1000, idt = 0x5000, legacy_directory = 0x4000,
                        gdt = 0x6000, task = 0x6800, scratch = 0x7000, code = 0x8000, kernel_stack = 0xa000,
                        user_stack = 0xb000, handlers = 0xc000;
constexpr std::uint64_t read_only_page = 0x10000, no_memory = 0x40000;
constexpr std::uint16_t user_data_selector = 0x33, user_code_selector = 0x3b;
constexpr std::uint8_t hlt = 0xf4, nop = 0x90, int3 = 0xcc;

class Probe final {
 public:
  explicit Probe(Vm& vm) : vm_(vm), memory_(memory_size) {
    vm_.set_slot({{0}, {0}, read_only_page, memory_.at({0}, 1)});
    vm_.set_slot({{1}, {read_only_page}, page_size, memory_.at({read_only_page}, 1), true});
    vcpu_ = vm_.create_vcpu({0});
    pristine_ = vcpu_->system();
    build_tables();
  }

  HostStops run() {
    HostStops found;
    for (const auto mode : {HostStops::Real, HostStops::Protected, HostStops::Long, HostStops::User}) {
      mode_ = mode;
      found.int3[mode] = probe_int3();
      found.execute_register[mode] = probe_execute_register();
      found.data_register[mode] = probe_data_register();
      found.single_step[mode] = probe_step();
    }
    mode_ = HostStops::Long;
    found.step_over_hlt = probe_step_over_hlt();
    found.step_enters_handler = probe_step_into_handler();
    found.step_traps_once = probe_step_traps_once();
    found.read_only_slots = probe_access({0x88, 0x03, hlt}, read_only_page);  // mov [rbx], al
    found.absent_slots = probe_access({0x8a, 0x03, hlt}, no_memory);          // mov al, [rbx]
    found.shutdown_keeps_state = probe_shutdown();
    found.legacy_paging = probe_legacy_paging();
    return found;
  }

 private:
  std::uint8_t* at(std::uint64_t address) { return reinterpret_cast<std::uint8_t*>(memory_.at({address}, 1)); }
  void put64(std::uint64_t address, std::uint64_t value) { std::memcpy(at(address), &value, sizeof value); }

  void build_tables() {
    constexpr std::uint64_t user_writable_present = 7, large_page = 0x80;
    put64(page_tables, (page_tables + 0x1000) | user_writable_present);
    put64(page_tables + 0x1000, (page_tables + 0x2000) | user_writable_present);
    put64(page_tables + 0x2000, user_writable_present | large_page);
    x86::Segment user_code = x86::flat_code64(user_code_selector), user_data = x86::flat_data(user_data_selector);
    user_code.dpl = user_data.dpl = 3;
    const std::uint64_t entries[] = {0,
                                     x86::encode_descriptor(x86::flat_code32()),
                                     x86::encode_descriptor(x86::flat_code64()),
                                     x86::encode_descriptor(x86::flat_data()),
                                     x86::encode_descriptor(x86::task_register(0x20, task)),
                                     0,
                                     x86::encode_descriptor(user_data),
                                     x86::encode_descriptor(user_code)};
    std::memcpy(at(gdt), entries, sizeof entries);
    put64(task + 4, kernel_stack);  // RSP0
    std::memset(at(handlers), hlt, x86::exception_count * 16);
  }

  // Every exception arrives at its own `hlt`, in the table format of the mode.
  void build_idt(bool real, bool wide) {
    std::memset(at(idt), 0, 0x1000);
    for (std::uint64_t vector = 0; vector < x86::exception_count; ++vector) {
      const std::uint64_t handler = handlers + vector * 16;
      if (real) {
        std::memcpy(at(vector * 4), &handler, 4);
        continue;
      }
      const std::uint64_t selector = wide ? x86::layout::code_selector : 0x08;
      constexpr std::uint64_t present_gate_for_users = 0xee00;
      put64(idt + vector * (wide ? 16 : 8),
            (handler & 0xffff) | selector << 16 | present_gate_for_users << 32 | (handler >> 16) << 48);
    }
  }

  void enter_mode() {
    x86::SystemRegisters s = pristine_;
    const bool real = mode_ == HostStops::Real, wide = mode_ == HostStops::Long || mode_ == HostStops::User;
    build_idt(real, wide);
    s.idt = {real ? 0u : idt, static_cast<std::uint16_t>(real ? 0x3ff : 0xfff)};
    s.gdt = {gdt, 8 * 8 - 1};
    if (real) {
      s.cs = x86::real_mode_code(0);
      s.ds = s.es = s.ss = x86::real_mode_segment(0);
    } else {
      s.cs = wide ? x86::flat_code64() : x86::flat_code32(0x08);
      s.ds = s.es = s.fs = s.gs = s.ss = x86::flat_data();
      s.tr = x86::task_register(0x20, task);
      s.cr0 |= x86::cr0::pe;
    }
    if (wide) {
      s.cr3 = page_tables;
      s.cr4 |= x86::cr4::pae;
      s.cr0 |= x86::cr0::pg;
      s.efer |= x86::efer::lme | x86::efer::lma;
    }
    if (mode_ == HostStops::User) {
      s.cs = x86::flat_code64(user_code_selector);
      s.ss = s.ds = s.es = x86::flat_data(user_data_selector);
      s.cs.dpl = s.ss.dpl = s.ds.dpl = s.es.dpl = 3;
    }
    vcpu_->set_events({});
    (void)vcpu_->set_system(s);
    x86::GeneralRegisters registers{};
    registers.rip = code;
    registers.rsp = mode_ == HostStops::User ? user_stack : kernel_stack;
    registers.rbx = scratch;
    registers.rflags = x86::rflags::fixed;
    vcpu_->set_general(registers);
  }

  // Runs `bytes` from `code` on, once; what ended it.
  Exit execute(std::initializer_list<std::uint8_t> bytes, const GuestDebug& debug, std::uint64_t rbx = scratch) {
    std::ranges::copy(bytes, at(code));
    enter_mode();
    auto registers = vcpu_->general();
    registers.rbx = rbx;
    vcpu_->set_general(registers);
    vcpu_->set_guest_debug(debug);
    return vcpu_->run();
  }
  std::uint64_t rip() { return vcpu_->general().rip; }

  bool stopped_at(const Exit& exit, std::uint32_t exception, std::uint64_t address) {
    const auto* debug = std::get_if<exits::Debug>(&exit);
    return debug && debug->exception == exception && rip() == address;
  }

  HostStops::Int3 probe_int3() {
    const Exit exit = execute({int3, hlt}, {.trap_int3 = true});
    if (stopped_at(exit, x86::exception::breakpoint, code)) return HostStops::Int3::Reported;
    if (std::holds_alternative<exits::InternalError>(exit) && rip() == code) return HostStops::Int3::EmulationFailure;
    return HostStops::Int3::GoesToGuest;
  }
  bool probe_execute_register() {
    GuestDebug debug;
    debug.stop_at(0, {code + 1});
    return stopped_at(execute({nop, nop, hlt}, debug), x86::exception::debug, code + 1);
  }
  bool probe_data_register() {
    GuestDebug debug;
    debug.watch(0, {scratch, 1, x86::DebugKind::Write});
    const std::uint8_t modrm = mode_ == HostStops::Real ? 0x07 : 0x03;  // mov [bx], al or mov [rbx], al
    return stopped_at(execute({0x88, modrm, hlt}, debug), x86::exception::debug, code + 2);
  }
  bool probe_step() {
    return stopped_at(execute({nop, nop, hlt}, {.single_step = true}), x86::exception::debug, code + 1);
  }
  bool probe_step_over_hlt() {
    const Exit exit = execute({hlt, nop, hlt}, {.single_step = true});
    return stopped_at(exit, x86::exception::debug, code + 1);
  }
  bool probe_step_into_handler() {
    return stopped_at(execute({0x0f, 0x0b}, {.single_step = true}), x86::exception::debug,
                      handlers + x86::exception::invalid_opcode * 16);
  }
  // The step's instruction leaves the guest by itself, and KVM finishes it.
  bool probe_step_traps_once() {
    constexpr std::uint8_t out_immediate = 0xe6, port = 0x80;
    (void)execute({out_immediate, port, nop, hlt}, {.single_step = true});
    (void)vcpu_->complete();
    vcpu_->set_guest_debug({});
    (void)vcpu_->run();
    return rip() != handlers + x86::exception::debug * 16 + 1;
  }
  bool probe_shutdown() {
    enter_mode();
    auto without_handlers = vcpu_->system();
    without_handlers.idt.limit = 0;
    (void)vcpu_->set_system(without_handlers);
    constexpr std::uint8_t undefined_opcode[] = {0x0f, 0x0b};
    std::ranges::copy(undefined_opcode, at(code));
    vcpu_->set_guest_debug({});
    return std::holds_alternative<exits::Shutdown>(vcpu_->run()) && rip() == code;
  }
  bool probe_legacy_paging() {
    mode_ = HostStops::Protected;
    enter_mode();
    auto paging = vcpu_->system();
    constexpr std::uint32_t writable_present_large = 0x83;  // 4 MiB from address 0
    put64(legacy_directory, writable_present_large);
    paging.cr3 = legacy_directory;
    paging.cr4 |= x86::cr4::pse;
    (void)vcpu_->set_system(paging);
    auto registers = vcpu_->general();
    registers.rax = paging.cr0 | x86::cr0::pg;
    vcpu_->set_general(registers);
    constexpr std::uint8_t set_cr0[] = {0x0f, 0x22, 0xc0, hlt};  // mov cr0, eax
    std::ranges::copy(set_cr0, at(code));
    vcpu_->set_guest_debug({});
    return std::holds_alternative<exits::Halt>(vcpu_->run()) && rip() == code + sizeof set_cr0;
  }
  bool probe_access(std::initializer_list<std::uint8_t> bytes, std::uint64_t address) {
    const Exit exit = execute(bytes, {}, address);
    const auto* mmio = std::get_if<exits::Mmio>(&exit);
    const bool arrived = mmio && mmio->address.value == address;
    (void)vcpu_->complete();
    return arrived;
  }

  Vm& vm_;
  GuestMemory memory_;
  std::unique_ptr<Vcpu> vcpu_;
  x86::SystemRegisters pristine_;
  HostStops::Mode mode_ = HostStops::Real;
};

}  // namespace

std::string_view name_of(HostStops::Int3 value) {
  switch (value) {
    case HostStops::Int3::Reported:
      return "reported";
    case HostStops::Int3::EmulationFailure:
      return "recognised by the emulation failure";
    case HostStops::Int3::GoesToGuest:
      return "goes to the guest";
  }
  return "?";
}

HostStops probe_host(Vm& vm) { return Probe(vm).run(); }

}  // namespace gdbvm
