// x86_64: how a CPU is set up, started and stopped. Contract: arch/cpu.h. Its timer and its messages to
// other CPUs: apic.cc. Registers and bits: Intel SDM volume 3, "Control Registers" and volume 4.
#include "arch/cpu.h"

#include <cpuid.h>

#include <cstring>

#include "arch/device_registers.h"
#include "arch/fpu.h"
#include "arch/memory.h"
#include "arch/per_cpu.h"
#include "arch/x86_64/apic.h"
#include "arch/x86_64/descriptors.h"
#include "arch/x86_64/msr.h"
#include "arch/x86_64/offsets.h"
#include "core/panic.h"

namespace arch {

extern "C" {
void system_call_entry();
extern const char secondary_begin[], secondary_end[];
extern volatile uint32_t starting_cpu;
void prepare_cpu(unsigned index);
}

namespace {

// What each bit of CR4 forbids the kernel to do by mistake, or lets programs use.
constexpr uint64_t kSseAndItsExceptions = 3 << 9, kXsave = 1 << 18;
constexpr uint64_t kNoUserInfo = 1 << 11;       // UMIP: programs do not see the CPU's tables
constexpr uint64_t kNoUserCode = 1 << 20;       // SMEP: the kernel does not execute user pages
constexpr uint64_t kNoUserData = 1 << 21;       // SMAP: nor does it read or write them
constexpr uint64_t kAlignmentChecks = 1 << 18;  // CR0.AM: programs may ask for them
constexpr uint64_t kMonitorFpu = 1 << 1, kFpuErrorsTrap = 1 << 5;

// SYSCALL clears these flags: the kernel wants none of a program's (trap, interrupts, direction, I/O
// privilege, nested task, alignment check).
constexpr uint64_t kFlagsOfPrograms = 0x47700;

constexpr uint16_t kOldControllerData1 = 0x21, kOldControllerData2 = 0xa1;
constexpr uint16_t kSerialData = 0x3f8, kSerialLineStatus = 0x3fd;
constexpr uint8_t kTransmitEmpty = 0x20;
constexpr uint16_t kDebugExit = 0xf4;  // QEMU's isa-debug-exit

struct Features {
    bool xsave, smap, smep, umip;
    uint32_t xsave_parts;  // which register sets XSAVE knows, low half
};

Features read_features() {
    uint32_t a, b, c, d;
    Features features = {};
    if (__get_cpuid(1, &a, &b, &c, &d)) features.xsave = (c & bit_XSAVE) != 0;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
        features.smep = (b & 1 << 7) != 0;
        features.smap = (b & 1 << 20) != 0;
        features.umip = (c & 1 << 2) != 0;
    }
    if (features.xsave && __get_cpuid_count(13, 0, &a, &b, &c, &d)) features.xsave_parts = a;
    return features;
}

void write_control_registers(const Features& features) {
    uint64_t cr0;
    uint64_t cr4;
    asm volatile("movq %%cr0, %0; movq %%cr4, %1" : "=r"(cr0), "=r"(cr4));
    cr0 |= kMonitorFpu | kFpuErrorsTrap | kAlignmentChecks;
    cr4 |= kSseAndItsExceptions | kXsave | kNoUserData;
    if (features.umip) cr4 |= kNoUserInfo;
    if (features.smep) cr4 |= kNoUserCode;
    asm volatile("movq %0, %%cr0; movq %1, %%cr4" ::"r"(cr0), "r"(cr4) : "memory");
    // x87, SSE and, where there is one, the upper half of the AVX registers.
    const uint32_t parts = features.xsave_parts & 7;
    asm volatile("xsetbv" ::"c"(0), "a"(parts), "d"(0));
    uint32_t a = 0, bytes = 0, c = 0, d = 0;
    __get_cpuid_count(13, 0, &a, &bytes, &c, &d);
    if (bytes > kMostFpuBytes) core::refuse("this CPU's XSAVE takes {} bytes", bytes);
}

}  // namespace

// On the CPU's own stack, GS at its block, before anything else in C++.
void prepare_cpu(unsigned index) {
    load_segments(cpu_blocks[index]);
    const Features features = read_features();
    // Without these two, instructions in user_trap.S and fpu.S are none.
    if (!features.smap) core::refuse("this CPU has no SMAP");
    if (!features.xsave) core::refuse("this CPU has no XSAVE");
    write_control_registers(features);
    write_port(kOldControllerData1,
               0xff);  // the two interrupt controllers of old: all lines masked
    write_port(kOldControllerData2, 0xff);
    init_local_apic();
}

void install_kernel_trap_vector() {
    load_gates();
    write_msr(kMsrStar, uint64_t{USER_CS_32} << 48 | uint64_t{KERNEL_CS} << 32);
    write_msr(kMsrLstar, reinterpret_cast<uint64_t>(&system_call_entry));
    write_msr(kMsrFlagMask, kFlagsOfPrograms);
    write_msr(kMsrKernelGsBase, 0);
}

bool start_cpu(const Cpu& cpu) {
    starting_cpu = cpu.index;
    memcpy(direct_map(PhysAddr{SECONDARY_START}), secondary_begin,
           static_cast<size_t>(secondary_end - secondary_begin));
    wake_cpu(cpu.hardware_id, SECONDARY_START);
    return true;
}

// Only boot_root maps the first instructions, and no CPU stays there.
void forget_boot_mapping() {}

void early_putc(char byte) {
    while ((read_port(kSerialLineStatus) & kTransmitEmpty) == 0) pause_cpu();
    write_port(kSerialData, static_cast<uint8_t>(byte));
}

void power_off(uint8_t status) {
    disable_interrupts();
    write_port(kDebugExit, status);  // QEMU ends with twice the status, plus one
    for (;;) asm volatile("hlt");
}

}  // namespace arch
