// Contract: dev/machine.h. What there is, the port finds out (arch/boot_info.h); here it is put to use.
#include "dev/machine.h"

#include "arch/cpu.h"
#include "arch/interrupt_controller.h"
#include "arch/memory.h"
#include "arch/per_cpu.h"
#include "core/clock.h"
#include "core/log.h"
#include "core/panic.h"
#include "dev/console.h"
#include "dev/device_interrupts.h"
#include "dev/uart.h"
#include "mm/program_memory.h"

namespace dev {

namespace {

constinit Machine machine = {};
constexpr size_t kMostOccupied = 4;
constexpr uint64_t kLongestStartNs = 2 * core::kNsPerSecond;

extern "C" {
extern const char kernel_begin[];
extern const char kernel_end[];
}

uint64_t kernel_image_end() { return raw(arch::physical_of_image(kernel_end)); }

void find_devices(const arch::BootInfo& info) {
    init_uart(info.serial_port);
    core::set_clock_rate(info.clock_rate);
    arch::init_interrupt_controller(info.interrupt_controller);
    connect_interrupt(info.serial_interrupt, handle_console_input);
    enable_uart_input();
}

void find_memory(const arch::BootInfo& info) {
    for (const arch::AddressRange& range : info.memory) {
        const uint64_t image = kernel_image_end() - 1;
        machine.ram_bytes += range.size;
        if (image >= range.base && image - range.base < range.size) machine.ram = range;
    }
    if (machine.ram.size == 0) {
        core::refuse("too little memory: {} MiB do not hold the kernel", machine.ram_bytes >> 20);
    }
    machine.occupied = info.occupied;
}

bool overlap(const arch::AddressRange& a, const arch::AddressRange& b) {
    return a.base < b.base + b.size && b.base < a.base + a.size;
}

// Where the initial file system lies is the boot loader's choice, and QEMU does not ask what is there: on
// riscv64 it takes half of the memory, on 512 MiB at most, whatever the file's size.
void check_initial_file_system(const arch::BootInfo& info) {
    const arch::AddressRange& file = info.initrd;
    if (file.size == 0) return;
    const uint64_t room = machine.ram.base + machine.ram.size - file.base;
    bool fits = file.base >= kernel_image_end() &&
                file.base - machine.ram.base < machine.ram.size && file.size <= room;
    for (const arch::AddressRange& other : info.occupied) {
        if (other.base != file.base && other.size != 0 && overlap(file, other)) fits = false;
    }
    if (!fits) {
        core::refuse(
            "the initial file system, {} MiB at {:#x}, does not lie in memory of its own: "
            "give the machine more memory",
            file.size >> 20, file.base);
    }
}

void find_arguments(const arch::BootInfo& info) {
    BadBootArg bad;
    auto args = parse_boot_args(info.command_line, bad);
    if (!args) core::refuse("boot argument '{}': {}", bad.argument, bad.problem);
    machine.args = *args;
    check_initial_file_system(info);
    const auto* initrd = arch::direct_map<const std::byte>(arch::PhysAddr{info.initrd.base});
    machine.initrd = {initrd, info.initrd.size};
}

// Effect: waits until a CPU that was started is online; false if it took too long, and is given up.
bool await(arch::Cpu& cpu) {
    const uint64_t end = core::now_ns() + kLongestStartNs;
    while (!cpu.is_online() && core::now_ns() < end) arch::pause_cpu();
    // One that has come is not given up, however long it takes: nobody knows of it until it is online.
    return cpu.is_online() || !arch::give_up_cpu(cpu);
}

}  // namespace

const Machine& find_machine(uint64_t boot_cpu, uint64_t firmware_data) {
    const arch::BootInfo info = arch::discover_machine(boot_cpu, firmware_data);
    arch::init_cpus(info.cpus);
    find_devices(info);
    find_memory(info);
    find_arguments(info);
    return machine;
}

void init_memory(const Machine& found) {
    mm::PhysRange reserved[kMostOccupied];
    size_t count = 0;
    for (const arch::AddressRange& range : found.occupied) {
        ASSERT(count < kMostOccupied);
        reserved[count++] = {range.base, range.base + range.size};
    }
    const mm::PhysRange ram{kernel_image_end(), found.ram.base + found.ram.size};
    if (!mm::init_memory(ram, {reserved, count})) {
        core::refuse("too little memory: {} MiB do not hold a program", found.ram_bytes >> 20);
    }
}

// One after the other. One that does not come may still be on its way, on the boot's mapping and with what
// start_cpu told it: then nobody touches these any more.
void start_other_cpus() {
    for (unsigned i = 1; i < arch::cpu_count(); i++) {
        arch::Cpu& cpu = arch::cpu_blocks[i];
        if (!arch::start_cpu(cpu)) {
            core::log("cairn: CPU {} (number {}) does not start", i, cpu.hardware_id);
        } else if (!await(cpu)) {
            core::log("cairn: CPU {} (number {}) does not come: going on with {} of {}", i,
                      cpu.hardware_id, arch::online_cpu_count(), arch::cpu_count());
            return;
        }
    }
    arch::forget_boot_mapping();
}

}  // namespace dev
