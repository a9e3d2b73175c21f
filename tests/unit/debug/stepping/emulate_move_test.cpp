// Instructions that are emulated instead of stepped: their results, and the cases that are left to the CPU.
#include "vmm/debug/stepping/emulate_move.h"

#include "tests/unit/debug/rig.h"
#include "vmm/debug/stops/slot_watchpoints.h"
#include "vmm/memory/page_set.h"

namespace gdbvm {
namespace {

class EmulateMove : public ::testing::Test, public Rig {
 protected:
  static constexpr std::uint64_t accessed = page_entry::accessed, dirty = page_entry::dirty;

  EmulateMove() : Rig(kvm_pvm()) {
    for (const auto level : {PageTableBuilder::Pml4, PageTableBuilder::Pdpt}) {
      put(pages.entry_at(0, level), get(pages.entry_at(0, level)) | accessed);
    }
    for (const std::uint64_t page : {0, 0x200000}) map(page, page_entry::kernel | accessed | dirty);
    cpu().general_registers = {.rax = 0x1111111111111111,
                               .rbx = data,
                               .rcx = 2,
                               .rdx = 0xffffffffffffff85,
                               .rsp = stack,
                               .rip = code,
                               .rflags = x86::rflags::fixed | x86::rflags::rf};
    put(data, 0x8877665544332211);
    put(data + 0x18, 0x1234);
  }
  void map(std::uint64_t page, std::uint64_t flags) { pages.map(page, page, PageTableBuilder::Pd, flags); }
  bool run(std::initializer_list<std::uint8_t> bytes) {
    place(code, bytes);
    return emulate_move(cpu(), view, guards);
  }
  // Registers, memory and flags are unchanged.
  void expect_left_alone(std::initializer_list<std::uint8_t> bytes) {
    const auto before = cpu().general_registers;
    const std::vector<std::uint8_t> memory(at(data), at(data) + 0x1000), on_stack(at(stack - 16), at(stack));
    EXPECT_FALSE(run(bytes));
    EXPECT_EQ(cpu().general_registers, before);
    EXPECT_EQ(memory, std::vector<std::uint8_t>(at(data), at(data) + 0x1000));
    EXPECT_EQ(on_stack, std::vector<std::uint8_t>(at(stack - 16), at(stack)));
  }
  x86::GeneralRegisters& r() { return cpu().general_registers; }

  SoftwareBreakpoints planted{machine.memory()};
  GuestView view{machine.memory(), planted};
  SlotWatchpoints guards{machine.memory(), machine.slots(), planted};
};

TEST_F(EmulateMove, LoadsOfEverySize) {
  EXPECT_TRUE(run({0x48, 0x8b, 0x03}));  // mov rax, [rbx]
  EXPECT_EQ(r().rax, 0x8877665544332211u);
  EXPECT_EQ(r().rip, code + 3);
  EXPECT_EQ(r().rflags, x86::rflags::fixed);
  r().rip = code;
  EXPECT_TRUE(run({0x8b, 0x43, 0x04}));  // mov eax, [rbx + 4]
  EXPECT_EQ(r().rax, 0x88776655u);
  r().rip = code;
  EXPECT_TRUE(run({0x66, 0x8b, 0x13}));  // mov dx, [rbx]
  EXPECT_EQ(r().rdx, 0xffffffffffff2211u);
  r().rip = code;
  EXPECT_TRUE(run({0x40, 0x8a, 0x33}));  // mov sil, [rbx]
  EXPECT_EQ(r().rsi, 0x11u);
}

TEST_F(EmulateMove, AddressesOfEveryForm) {
  EXPECT_TRUE(run({0x48, 0x8b, 0x44, 0xcb, 0x08}));  // mov rax, [rbx + rcx * 8 + 8]
  EXPECT_EQ(r().rax, 0x1234u);
  r().rip = code;
  EXPECT_TRUE(run({0x48, 0x8b, 0x04, 0x25, 0x18, 0x00, 0x12, 0x00}));  // mov rax, [0x120018]
  EXPECT_EQ(r().rax, 0x1234u);
  r().rip = code;
  EXPECT_TRUE(run({0x48, 0x8b, 0x05, 0xf9, 0xff, 0x01, 0x00}));  // mov rax, [rip + 0x1fff9]: data
  EXPECT_EQ(r().rax, 0x8877665544332211u);
  r().rip = code;
  r().rbx = data + 0x20;
  EXPECT_TRUE(run({0x48, 0x8b, 0x43, 0xf8}));  // mov rax, [rbx - 8]
  EXPECT_EQ(r().rax, 0x1234u);
}

TEST_F(EmulateMove, StoresOfEverySizeToTheStack) {
  r().rsp = data;
  EXPECT_TRUE(run({0x88, 0x13}));  // mov [rbx], dl
  EXPECT_EQ(get(data), 0x8877665544332285u);
  r().rip = code;
  EXPECT_TRUE(run({0x48, 0xc7, 0x43, 0x18, 0xff, 0xff, 0xff, 0xff}));  // mov qword [rbx + 0x18], -1
  EXPECT_EQ(get(data + 0x18), ~std::uint64_t{0});
  r().rip = code;
  EXPECT_TRUE(run({0xc7, 0x43, 0x18, 0x01, 0x00, 0x00, 0x00}));  // mov dword [rbx + 0x18], 1
  EXPECT_EQ(get(data + 0x18), 0xffffffff00000001u);
}

TEST_F(EmulateMove, AStoreIsNoted) {
  machine.memory().note_writes(true);
  EXPECT_TRUE(run({0x48, 0x8b, 0x03}));  // mov rax, [rbx]
  EXPECT_FALSE(machine.memory().written()->contains(data / page_size));
  r().rip = code;
  EXPECT_TRUE(run({0x50}));  // push rax
  EXPECT_TRUE(machine.memory().written()->contains((stack - 8) / page_size));
}

TEST_F(EmulateMove, StoresElsewhereAreTheCpus) {
  expect_left_alone({0x88, 0x13});  // mov [rbx], dl: perhaps to a page table
  r().rsp = data - 0x1ff8;          // the last byte that counts as the stack
  expect_left_alone({0x48, 0x89, 0x03});
  r().rsp += 8;
  EXPECT_TRUE(run({0x48, 0x89, 0x03}));
}

TEST_F(EmulateMove, WordsThatAreNotAlignedAreTheCpus) {
  r().rsp = data;
  r().rbx = data + 2;
  expect_left_alone({0x48, 0x8b, 0x03});
  expect_left_alone({0x89, 0x03});
  EXPECT_TRUE(run({0x66, 0x89, 0x03}));
}

TEST_F(EmulateMove, AnInstructionThatGoesOnOnTheNextPageIsTheCpus) {
  r().rip = code + 0xffe;
  place(code + 0xffe, {0x48, 0x8b, 0x03});
  EXPECT_FALSE(emulate_move(cpu(), view, guards));
  r().rip = code + 0xffd;
  place(code + 0xffd, {0x48, 0x8b, 0x03});
  EXPECT_TRUE(emulate_move(cpu(), view, guards));
}

TEST_F(EmulateMove, RegistersAndConstants) {
  EXPECT_TRUE(run({0x89, 0xd0}));  // mov eax, edx
  EXPECT_EQ(r().rax, 0xffffff85u);
  r().rip = code;
  EXPECT_TRUE(run({0x49, 0xc7, 0xc7, 0xfe, 0xff, 0xff, 0xff}));  // mov r15, -2
  EXPECT_EQ(r().r15, ~std::uint64_t{1});
  r().rip = code;
  EXPECT_TRUE(run({0x48, 0x89, 0xe5}));  // mov rbp, rsp
  EXPECT_EQ(r().rbp, stack);
  r().rip = code;
  EXPECT_TRUE(run({0xb0, 0x7f}));  // mov al, 0x7f
  EXPECT_EQ(r().rax, 0xffffff7fu);
}

TEST_F(EmulateMove, APush) {
  EXPECT_TRUE(run({0x54}));  // push rsp: its value before
  EXPECT_EQ(get(stack - 8), stack);
  EXPECT_EQ(r().rsp, stack - 8);
}

TEST_F(EmulateMove, OtherInstructionsAreTheCpus) {
  expect_left_alone({0x90});
  expect_left_alone({0x8a, 0xe3});              // mov ah, bl
  expect_left_alone({0x88, 0x23});              // mov [rbx], ah
  expect_left_alone({0x8e, 0xd0});              // mov ss, eax
  expect_left_alone({0x8c, 0x1b});              // mov [rbx], ds
  expect_left_alone({0x0f, 0x20, 0xd8});        // mov rax, cr3
  expect_left_alone({0x64, 0x48, 0x8b, 0x03});  // mov rax, fs:[rbx]
  expect_left_alone({0x67, 0x8b, 0x03});        // mov eax, [ebx]
  expect_left_alone({0x6a, 0x01});              // push 1
  expect_left_alone({0x66, 0x50});              // push ax
}

TEST_F(EmulateMove, WhereTheCpuWouldFaultOrNoteSomethingItIsTheCpus) {
  r().rbx = 0x500000;  // not mapped
  expect_left_alone({0x48, 0x8b, 0x03});
  r().rbx = data + 0xffc;  // across the end of the page
  expect_left_alone({0x48, 0x8b, 0x03});
  r().rbx = r().rsp = data;
  map(0, page_entry::kernel | accessed);  // not dirty
  expect_left_alone({0x48, 0x89, 0x03});
  EXPECT_TRUE(run({0x48, 0x8b, 0x03}));
  r().rip = code;
  map(0, page_entry::kernel);
  expect_left_alone({0x48, 0x8b, 0x03});
  map(0, page_entry::present | accessed | dirty);  // read-only
  expect_left_alone({0x48, 0x89, 0x03});
}

TEST_F(EmulateMove, AUsersPageNeedsTheCpusOpinionWithSmap) {
  map(0, page_entry::all | accessed | dirty);
  EXPECT_TRUE(run({0x48, 0x8b, 0x03}));
  r().rip = code;
  cpu().system_registers.cr4 |= x86::cr4::smap;
  expect_left_alone({0x48, 0x8b, 0x03});
}

TEST_F(EmulateMove, NothingElseMayBeUnderWay) {
  cpu().event_bank.interrupt.shadow = 1;
  expect_left_alone({0x48, 0x8b, 0x03});
  cpu().event_bank = {};
  cpu().event_bank.exception.injected = 1;
  expect_left_alone({0x48, 0x8b, 0x03});
  cpu().event_bank = {};
  r().rflags |= x86::rflags::tf;
  expect_left_alone({0x48, 0x8b, 0x03});
  r().rflags = x86::rflags::fixed;
  cpu().system_registers.cs = segment_at(3, x86::flat_code64(user_code));
  cpu().system_registers.ss = segment_at(3, x86::flat_data(user_data));
  expect_left_alone({0x48, 0x8b, 0x03});
}

TEST_F(EmulateMove, BytesOfOursAndGuardedPagesAreLeftAlone) {
  planted.plant({data + 2});
  expect_left_alone({0x48, 0x8b, 0x03});
  planted.lift({data + 2});
  const WatchedRange range{{data + 0x800}, 8, WatchedRange::For::Writes};
  ASSERT_TRUE(guards.guard({&range, 1}, vm));
  r().rsp = data;
  expect_left_alone({0x48, 0x89, 0x03});
  EXPECT_TRUE(run({0x48, 0x8b, 0x03}));
}

}  // namespace
}  // namespace gdbvm
