// riscv64: the processor through OpenSBI (SBI specification 1.0) and the virt machine's test device.
// Contract: arch/cpu.h.
#include "arch/cpu.h"

#include "arch/memory.h"
#include "arch/per_cpu.h"
#include "arch/riscv64/power_off.h"

namespace arch {

namespace {

struct SbiResult {
    long error;
    long value;
};

// Extension numbers of the SBI specification.
enum class Extension : unsigned long {
    kLegacyPutchar = 0x01,
    kTimer = 0x54494D45,
    kIpi = 0x735049,
    kHartState = 0x48534D,
    kSystemReset = 0x53525354,
};

SbiResult sbi_call(Extension extension, unsigned long function, unsigned long arg0 = 0,
                   unsigned long arg1 = 0, unsigned long arg2 = 0) {
    register unsigned long a0 asm("a0") = arg0;
    register unsigned long a1 asm("a1") = arg1;
    register unsigned long a2 asm("a2") = arg2;
    register unsigned long a6 asm("a6") = function;
    register unsigned long a7 asm("a7") = static_cast<unsigned long>(extension);
    asm volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
    return {static_cast<long>(a0), static_cast<long>(a1)};
}

uint64_t power_off_device = 0x100000;  // what QEMU's virt has; the device tree may say otherwise

// sie bits (privileged specification, "Supervisor Interrupt Registers").
constexpr uint64_t kAcceptSoftware = 1 << 1, kAcceptTimer = 1 << 5, kAcceptExternal = 1 << 9;

extern "C" void kernel_trap();
extern "C" void secondary_entry();

}  // namespace

void set_timer(uint64_t deadline) { sbi_call(Extension::kTimer, 0, deadline); }

void send_ipi(const Cpu& cpu) {
    // Function 0, a mask of harts and the hart that its lowest bit stands for.
    sbi_call(Extension::kIpi, 0, 1, cpu.hardware_id);
}

void acknowledge_ipi() { asm volatile("csrci sip, 2" ::: "memory"); }

void accept_interrupts() {
    // Programs may read the clock without a system call, as on Linux (scounteren.TM).
    asm volatile("csrw scounteren, %0" ::"r"(2ul));
    asm volatile("csrw sie, %0" ::"r"(kAcceptSoftware | kAcceptTimer | kAcceptExternal));
}

void install_kernel_trap_vector() {
    asm volatile("csrw stvec, %0" ::"r"(reinterpret_cast<uint64_t>(&kernel_trap)));
}

extern "C" volatile uint64_t starting_cpu;  // boot.S: for a hart that comes in by the wrong door

bool start_cpu(const Cpu& cpu) {
    starting_cpu = cpu.index;
    const PhysAddr entry = physical_of_image(reinterpret_cast<const void*>(&secondary_entry));
    return sbi_call(Extension::kHartState, 0, cpu.hardware_id, raw(entry), cpu.index).error == 0;
}

extern "C" uint64_t kernel_root[];

void forget_boot_mapping() {
    kernel_root[kKernelImagePhysical >> 30] = 0;
    flush_local_tlb();
}

void early_putc(char byte) {
    sbi_call(Extension::kLegacyPutchar, 0, static_cast<unsigned char>(byte));
}

void set_power_off_device(uint64_t physical_address) { power_off_device = physical_address; }

void power_off(uint8_t status) {
    disable_interrupts();
    if (power_off_device != 0) {
        // The "sifive,test0" device: 0x5555 ends QEMU with status 0, 0x3333 with the upper half word.
        // QEMU 8.2 and later run on for a while: SBI's reset, a second wish, would take the status away.
        auto* device = direct_map<volatile uint32_t>(PhysAddr{power_off_device});
        *device = status == 0 ? 0x5555u : static_cast<uint32_t>(status) << 16 | 0x3333u;
    } else {
        sbi_call(Extension::kSystemReset, 0, 0, status == 0 ? 0 : 1);
    }
    for (;;) wait_for_interrupt();
}

}  // namespace arch
