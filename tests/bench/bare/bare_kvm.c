// The lower bound for gdbvm: the same work with nothing but the ioctls.
//   bare_kvm hello IMAGE           runs an ELF64 image to its debug-exit; the exit status is the guest's
//   bare_kvm step IMAGE COUNT      microseconds of a single step (SET_GUEST_DEBUG and KVM_RUN)
//   bare_kvm hits IMAGE ADDRESS SECONDS
//                                  hits per second: the int3 is hit, removed, stepped over and planted again
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { page_tables = 0x1000, stack = 0x80000 };
static const size_t ram_size = 256u << 20;
static int vm, vcpu;
static struct kvm_run* run;
static unsigned char* ram;

static void die(const char* what) {
  perror(what);
  exit(2);
}
static void must(int result, const char* what) {
  if (result < 0) die(what);
}

static void make_vm(void) {
  const int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
  must(kvm, "/dev/kvm");
  must(vm = ioctl(kvm, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
  ram = mmap(NULL, ram_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  struct kvm_userspace_memory_region region = {0, 0, 0, ram_size, (__u64)ram};
  must(ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region), "KVM_SET_USER_MEMORY_REGION");
  must(vcpu = ioctl(vm, KVM_CREATE_VCPU, 0), "KVM_CREATE_VCPU");
  const int size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
  run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
}

// Long mode, the first GiB identity-mapped.
static void enter_at(unsigned long rip) {
  unsigned long* tables = (unsigned long*)(ram + page_tables);
  tables[0] = (page_tables + 0x1000) | 3;
  tables[512] = (page_tables + 0x2000) | 3;
  for (unsigned long i = 0; i < 512; ++i) tables[1024 + i] = i << 21 | 0x83;
  struct kvm_sregs s;
  must(ioctl(vcpu, KVM_GET_SREGS, &s), "KVM_GET_SREGS");
  s.cr0 = 0x80000033, s.cr3 = page_tables, s.cr4 = 0x20, s.efer = 0x500;
  s.cs = (struct kvm_segment){0, ~0u, 8, 11, 1, 0, 0, 1, 1, 1, 0, 0, 0};
  s.ds = s.es = s.ss = (struct kvm_segment){0, ~0u, 16, 3, 1, 0, 1, 1, 0, 1, 0, 0, 0};
  must(ioctl(vcpu, KVM_SET_SREGS, &s), "KVM_SET_SREGS");
  struct kvm_regs r = {.rip = rip, .rsp = stack, .rflags = 2};
  must(ioctl(vcpu, KVM_SET_REGS, &r), "KVM_SET_REGS");
}

static void load(const char* path) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  must(file, path);
  struct stat status;
  must(fstat(file, &status), path);
  const unsigned char* image = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
  const Elf64_Ehdr* header = (const Elf64_Ehdr*)image;
  const Elf64_Phdr* segment = (const Elf64_Phdr*)(image + header->e_phoff);
  for (int i = 0; i < header->e_phnum; ++i) {
    if (segment[i].p_type == PT_LOAD)
      memcpy(ram + segment[i].p_paddr, image + segment[i].p_offset, segment[i].p_filesz);
  }
  enter_at(header->e_entry);
}

static int hello(void) {
  for (;;) {
    must(ioctl(vcpu, KVM_RUN, 0), "KVM_RUN");
    if (run->exit_reason != KVM_EXIT_IO) return 3;
    unsigned char* bytes = (unsigned char*)run + run->io.data_offset;
    if (run->io.direction == KVM_EXIT_IO_IN) {
      *bytes = 0x60;  // the serial port's line status: ready
    } else if (run->io.port == 0xf4) {
      return *bytes << 1 | 1;
    } else if (run->io.port == 0x3f8 && write(1, bytes, run->io.size) < 0) {
      return 3;
    }
  }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void set_debug(unsigned control) {
  struct kvm_guest_debug debug = {.control = KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_SW_BP | control};
  must(ioctl(vcpu, KVM_SET_GUEST_DEBUG, &debug), "KVM_SET_GUEST_DEBUG");
}

static void run_guest(void) {
  run->kvm_valid_regs = KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS;
  must(ioctl(vcpu, KVM_RUN, 0), "KVM_RUN");
}

static int compare(const void* a, const void* b) {
  const double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

static double step_us(size_t count) {
  double* times = calloc(count, sizeof *times);
  for (size_t i = 0; i < count; ++i) {
    const double start = now();
    set_debug(KVM_GUESTDBG_SINGLESTEP);
    run_guest();
    times[i] = (now() - start) * 1e6;
    if (run->exit_reason != KVM_EXIT_DEBUG) exit(3);
  }
  qsort(times, count, sizeof *times, compare);
  const double median = times[count / 2];
  free(times);
  return median;
}

static double hits_per_second(unsigned long address, double seconds) {
  unsigned char* const hit = ram + address;
  const unsigned char original = *hit;
  unsigned long hits = 0;
  const double start = now();
  while (now() - start < seconds) {
    *hit = 0xcc;
    set_debug(0);
    run_guest();
    if (run->s.regs.regs.rip != address) exit(3);
    *hit = original;
    set_debug(KVM_GUESTDBG_SINGLESTEP);
    run_guest();
    ++hits;
  }
  return (double)hits / (now() - start);
}

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  make_vm();
  load(argv[2]);
  if (strcmp(argv[1], "hello") == 0) return hello();
  if (strcmp(argv[1], "step") == 0 && argc == 4) printf("%f\n", step_us(strtoul(argv[3], NULL, 0)));
  if (strcmp(argv[1], "hits") == 0 && argc == 5)
    printf("%f\n", hits_per_second(strtoul(argv[3], NULL, 0), atof(argv[4])));
  return 0;
}
