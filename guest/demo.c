// The demo kernel, made to be debugged: functions with arguments and locals, a struct, caught exceptions, a heartbeat.
#include "lib/idt.h"
#include "lib/serial.h"
#include "lib/timer.h"

struct task {
  const char* name;
  unsigned priority;
  unsigned long runs;
  struct {
    int x, y;
  } position;
};

struct task tasks[] = {{"idle", 0, 0, {0, 0}}, {"shell", 5, 0, {3, 4}}};
volatile unsigned rounds = 3;  // a debugger may change these three
volatile unsigned long ticks;
volatile int finished;
volatile unsigned exceptions_seen;

static void report(const char* what, struct interrupt_frame* frame) {
  exceptions_seen++;
  put_string("demo: caught ");
  put_string(what);
  put_string(" at ");
  put_hex(frame->rip);
  put_char('\n');
}
__attribute__((interrupt)) static void on_divide_error(struct interrupt_frame* frame) {
  report("#DE", frame);
  frame->rip += 2;  // the div below is two bytes long
}
__attribute__((interrupt)) static void on_invalid_opcode(struct interrupt_frame* frame) {
  report("#UD", frame);
  frame->rip += 2;  // ud2
}
__attribute__((interrupt)) static void on_timer(struct interrupt_frame* frame) {
  (void)frame;
  ticks++;
  pic_end_of_interrupt();
}

unsigned long factorial(unsigned n) {
  if (n < 2) return 1;
  return n * factorial(n - 1);
}

int distance(const struct task* task) {
  int squared = task->position.x * task->position.x + task->position.y * task->position.y;
  int root = 0;
  while ((root + 1) * (root + 1) <= squared) root++;
  return root;
}

void run_task(struct task* task, unsigned times) {
  for (unsigned i = 0; i < times; i++) {
    task->runs++;
  }
  int far = distance(task);
  put_string("demo: ");
  put_string(task->name);
  put_line(" ran", task->runs);
  put_line("demo: distance", (unsigned long)far);
}

void raise_exceptions(void) {
  __asm__ volatile("xor %%edx, %%edx; mov $1, %%eax; xor %%ecx, %%ecx; div %%ecx" : : : "rax", "rcx", "rdx", "cc");
  __asm__ volatile("ud2");
}

void heartbeat(void) {
  unsigned long last = ticks;
  while (ticks - last < 50) __asm__ volatile("hlt");
}

int kernel_main(void) {
  put_string("demo: started\n");
  idt_set(divide_error, on_divide_error, gate_interrupt);
  idt_set(invalid_opcode, on_invalid_opcode, gate_interrupt);
  idt_set(irq_timer, on_timer, gate_interrupt);
  idt_load();
  put_line("demo: factorial", factorial(5));
  run_task(&tasks[1], rounds);
  raise_exceptions();
  pic_start(1 << 0);
  pit_start(100);
  __asm__ volatile("sti");
  while (!finished) heartbeat();
  __asm__ volatile("cli");
  put_string("demo: finished\n");
  return 0;
}
