// The one typed call through which every ioctl on a KVM file descriptor goes.
#pragma once

#include <cerrno>
#include <system_error>
#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <sys/ioctl.h>

#include "vmm/host/fd.h"
#include "vmm/kvm/trace.h"

namespace gdbvm::kvm {

// A descriptor of one level of the KVM API (system, VM, vCPU), traced or not.
class KvmFd final {
 public:
  KvmFd(Fd fd, TraceLevel level, KvmTrace* trace) : fd_(std::move(fd)), level_(level), trace_(trace) {}

  // An ioctl with a structure, which the kernel reads or fills. The structure may be the fixed head of a longer one.
  // Returns what ioctl(2) returns; errno is kept.
  template <unsigned long Request, class T>
    requires std::is_class_v<T> || std::is_same_v<T, unsigned long long>
  int call(T& argument) const {
    static_assert(_IOC_SIZE(Request) == sizeof(T), "the request was made for another structure");
    return traced(Request, reinterpret_cast<unsigned long>(&argument));
  }
  // An ioctl with an integer, or nothing.
  template <unsigned long Request>
  int call(unsigned long argument = 0) const {
    static_assert(_IOC_SIZE(Request) == 0, "the request takes a structure");
    return traced(Request, argument);
  }

  // The same, for calls that only fail when something is broken: throws std::system_error with the request's name.
  template <unsigned long Request, class T>
  int must(T& argument, const char* name) const {
    const int result = call<Request>(argument);
    if (result < 0) fail(name);
    return result;
  }
  template <unsigned long Request>
  int must(unsigned long argument, const char* name) const {
    const int result = call<Request>(argument);
    if (result < 0) fail(name);
    return result;
  }

  const Fd& fd() const { return fd_; }
  TraceLevel level() const { return level_; }
  KvmTrace* trace() const { return trace_; }

  [[noreturn]] static void fail(const char* name) { throw std::system_error(errno, std::generic_category(), name); }

 private:
  int traced(unsigned long request, unsigned long argument) const {
    const int result = ::ioctl(fd_.get(), request, argument);
    if (trace_) [[unlikely]] {
      const int error = errno;
      trace_->ioctl(level_, request, argument, result, error);
      errno = error;
    }
    return result;
  }

  Fd fd_;
  TraceLevel level_;
  KvmTrace* trace_;
};

}  // namespace gdbvm::kvm

// The request and its name in one word, so that an error names what failed.
#define GDBVM_KVM_MUST(fd, request, argument) (fd).must<request>(argument, #request)
