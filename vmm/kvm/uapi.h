// The kernel's KVM interface; the only file that includes <linux/kvm.h>, for use inside vmm/kvm alone.
//
// Some UAPI headers (Linux before 6.6) make __DECLARE_FLEX_ARRAY one byte too large in C++, which falsifies the size in
// the numbers of KVM_SET_CPUID2, KVM_GET_MSRS and others (ioctl answers EINVAL). It is a zero-length array here.
#pragma once
#pragma GCC system_header

#include <linux/stddef.h>

#undef __DECLARE_FLEX_ARRAY
#define __DECLARE_FLEX_ARRAY(T, member) T member[0]

#include <linux/kvm.h>

static_assert(sizeof(kvm_cpuid2) == 8);
static_assert(sizeof(kvm_msrs) == 8);
static_assert(sizeof(kvm_msr_list) == 4);
static_assert(sizeof(kvm_irq_routing) == 8);
static_assert(sizeof(kvm_signal_mask) == 4);
static_assert(sizeof(kvm_xsave) == 4096);
static_assert(KVM_GET_SUPPORTED_CPUID == 0xc008ae05);
