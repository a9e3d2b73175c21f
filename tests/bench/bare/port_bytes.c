// What a byte written to a port costs with nothing but KVM: `rep outsb`, each byte an exit, or collected in the kernel
// (KVM_CAP_COALESCED_PIO). It limits every serial port.
//   port_bytes exits|coalesced     microseconds per byte
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>

enum { ram_size = 0x20000, code = 0x1000, count = 50000, port = 0x3f8 };

static int must(int result, const char* what) {
  if (result >= 0) return result;
  perror(what);
  exit(2);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

// Runs to the hlt; empties the ring at every exit, if there is one. Returns the bytes seen.
static unsigned run_to_end(int vcpu, const struct kvm_run* run, struct kvm_coalesced_mmio_ring* ring) {
  const unsigned entries = (4096 - sizeof *ring) / sizeof(struct kvm_coalesced_mmio);
  unsigned bytes = 0;
  for (;;) {
    must(ioctl(vcpu, KVM_RUN, 0), "KVM_RUN");
    for (; ring && ring->first != ring->last; ring->first = (ring->first + 1) % entries) ++bytes;
    if (run->exit_reason != KVM_EXIT_IO) return bytes;
    bytes += run->io.count;
  }
}

int main(int argc, char** argv) {
  const int coalesced = argc > 1 && strcmp(argv[1], "coalesced") == 0;
  const int kvm = must(open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");
  const int vm = must(ioctl(kvm, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
  unsigned char* ram = mmap(NULL, ram_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  struct kvm_userspace_memory_region region = {0, 0, 0, ram_size, (__u64)ram};
  must(ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region), "KVM_SET_USER_MEMORY_REGION");
  const int page = ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_COALESCED_MMIO);  // of the mapping: where the ring is
  struct kvm_coalesced_mmio_zone zone = {.addr = port, .size = 1, .pio = 1};
  if (coalesced) must(ioctl(vm, KVM_REGISTER_COALESCED_MMIO, &zone), "KVM_REGISTER_COALESCED_MMIO");

  const unsigned char program[] = {0xf3, 0x6e, 0xf4};  // real mode: rep outsb; hlt
  memcpy(ram + code, program, sizeof program);
  const int vcpu = must(ioctl(vm, KVM_CREATE_VCPU, 0), "KVM_CREATE_VCPU");
  const int size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
  struct kvm_run* run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
  struct kvm_sregs s;
  must(ioctl(vcpu, KVM_GET_SREGS, &s), "KVM_GET_SREGS");
  s.cs.base = s.cs.selector = 0;
  must(ioctl(vcpu, KVM_SET_SREGS, &s), "KVM_SET_SREGS");
  struct kvm_regs r = {.rip = code, .rcx = count, .rdx = port, .rflags = 2};
  must(ioctl(vcpu, KVM_SET_REGS, &r), "KVM_SET_REGS");

  const double began = seconds();
  const unsigned bytes = run_to_end(vcpu, run, coalesced ? (void*)((char*)run + page * 4096) : NULL);
  const double took = seconds() - began;
  if (bytes != count) return fprintf(stderr, "%u bytes of %u\n", bytes, (unsigned)count), 1;
  printf("%.2f\n", took * 1e6 / bytes);
  return 0;
}
