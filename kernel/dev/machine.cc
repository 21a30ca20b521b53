// Contract: dev/machine.h. Names of devices: the device-tree bindings of Linux
// (Documentation/devicetree/bindings).
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

extern "C" {
extern const char kernel_begin[];
extern const char kernel_end[];
}

uint64_t kernel_image_end() { return raw(arch::physical_of_image(kernel_end)); }

DeviceTree open_device_tree(uint64_t address) {
    const auto* blob = arch::direct_map<const std::byte>(arch::PhysAddr{address});
    const auto size = device_tree_size({blob, 8});
    if (!size) core::refuse("the firmware handed over no device tree");
    machine.device_tree = {address, *const_cast<Result<std::size_t>&>(size)};
    auto tree = DeviceTree::parse({blob, machine.device_tree.size});
    if (!tree) core::refuse("the device tree is malformed");
    return *tree;
}

void find_devices(const DeviceTree& tree) {
    auto uart = tree.find_compatible("ns16550a");
    if (!uart) core::refuse("the device tree names no serial port that is an ns16550a");
    init_uart(uart->registers.base);
    if (auto rate = tree.timebase_frequency(); rate) core::set_clock_rate(*rate);
    if (auto finisher = tree.find_compatible("sifive,test0"); finisher) {
        arch::set_power_off_device(finisher->registers.base);
    }
    auto controller = tree.find_compatible("riscv,plic0");
    if (!controller) core::refuse("the device tree names no interrupt controller (riscv,plic0)");
    arch::init_interrupt_controller(controller->registers.base);
    connect_interrupt(uart->interrupt, handle_console_input);
    enable_uart_input();
}

// The boot hart comes first whatever its number; more than kMaxCpus stay asleep.
void find_cpus(const DeviceTree& tree, uint64_t boot_hart) {
    std::uint64_t storage[64];
    auto found = tree.hart_ids(storage);
    if (!found) core::refuse("the device tree does not say which CPUs there are");
    unsigned ids[arch::kMaxCpus] = {static_cast<unsigned>(boot_hart)};
    unsigned count = 1;
    for (const std::uint64_t id : *found) {
        if (id != boot_hart && count < arch::kMaxCpus) ids[count++] = static_cast<unsigned>(id);
    }
    arch::init_cpus(ids, count);
}

void find_memory(const DeviceTree& tree) {
    AddressRange storage[8];
    auto ranges = tree.memory(storage);
    if (!ranges) core::refuse("the device tree does not say where memory lies");
    for (const AddressRange& range : *ranges) {
        const uint64_t image = kernel_image_end() - 1;
        machine.ram_bytes += range.size;
        if (image >= range.base && image - range.base < range.size) machine.ram = range;
    }
    if (machine.ram.size == 0) {
        core::refuse("too little memory: {} MiB do not hold the kernel", machine.ram_bytes >> 20);
    }
}

void find_arguments(const DeviceTree& tree) {
    auto chosen = tree.chosen();
    if (!chosen) core::refuse("the device tree's node /chosen is malformed");
    BadBootArg bad;
    auto args = parse_boot_args(chosen->boot_args, bad);
    if (!args) core::refuse("boot argument '{}': {}", bad.argument, bad.problem);
    machine.args = *args;
    machine.initrd_range = chosen->initrd;
    const auto* initrd = arch::direct_map<const std::byte>(arch::PhysAddr{chosen->initrd.base});
    machine.initrd = {initrd, chosen->initrd.size};
}

}  // namespace

const Machine& find_machine(uint64_t boot_hart, uint64_t device_tree) {
    const DeviceTree tree = open_device_tree(device_tree);
    find_cpus(tree, boot_hart);
    find_devices(tree);
    find_memory(tree);
    find_arguments(tree);
    return machine;
}

void init_memory(const Machine& found) {
    const mm::PhysRange reserved[] = {
        {found.device_tree.base, found.device_tree.base + found.device_tree.size},
        {found.initrd_range.base, found.initrd_range.base + found.initrd_range.size},
    };
    if (!mm::init_memory({kernel_image_end(), found.ram.base + found.ram.size}, reserved)) {
        core::refuse("too little memory: {} MiB do not hold a program", found.ram_bytes >> 20);
    }
}

void start_other_cpus() {
    for (unsigned i = 1; i < arch::cpu_count(); i++) {
        arch::Cpu& cpu = arch::cpu_blocks[i];
        if (!arch::start_cpu(cpu)) {
            core::log("cairn: CPU {} (hart {}) does not start", i, cpu.hart_id);
            continue;
        }
        while (cpu.online.load() == 0) arch::pause_cpu();
    }
    arch::forget_boot_mapping();
}

}  // namespace dev
