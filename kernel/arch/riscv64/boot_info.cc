// riscv64: the machine as the device tree describes it, which OpenSBI hands over. Names of devices: the
// device-tree bindings of Linux (Documentation/devicetree/bindings). Contract: arch/boot_info.h.
#include "arch/boot_info.h"

#include "arch/memory.h"
#include "arch/per_cpu.h"
#include "arch/riscv64/device_tree.h"
#include "arch/riscv64/power_off.h"
#include "core/panic.h"

namespace arch {

namespace {

constinit AddressRange memory[8] = {};
constinit AddressRange occupied[2] = {};  // the device tree, the initial file system
constinit unsigned cpus[kMaxCpus] = {};

DeviceTree open_device_tree(uint64_t address) {
    const auto* blob = direct_map<const std::byte>(PhysAddr{address});
    const auto size = device_tree_size({blob, 8});
    if (!size) core::refuse("the firmware handed over no device tree");
    occupied[0] = {address, *const_cast<Result<std::size_t>&>(size)};
    auto tree = DeviceTree::parse({blob, occupied[0].size});
    if (!tree) core::refuse("the device tree is malformed");
    return *tree;
}

// The boot hart comes first whatever its number; more than kMaxCpus stay asleep.
std::span<const unsigned> find_cpus(const DeviceTree& tree, uint64_t boot_hart) {
    std::uint64_t storage[64];
    auto found = tree.hart_ids(storage);
    if (!found) core::refuse("the device tree does not say which CPUs there are");
    cpus[0] = static_cast<unsigned>(boot_hart);
    unsigned count = 1;
    for (const std::uint64_t id : *found) {
        if (id != boot_hart && count < kMaxCpus) cpus[count++] = static_cast<unsigned>(id);
    }
    return {cpus, count};
}

std::span<const AddressRange> find_memory(const DeviceTree& tree) {
    auto ranges = tree.memory(memory);
    if (!ranges) core::refuse("the device tree does not say where memory lies");
    return *ranges;
}

void find_devices(const DeviceTree& tree, BootInfo& info) {
    auto uart = tree.find_compatible("ns16550a");
    if (!uart) core::refuse("the device tree names no serial port that is an ns16550a");
    info.serial_port = uart->registers.base;
    info.serial_interrupt = uart->interrupt;
    auto rate = tree.timebase_frequency();
    if (!rate) core::refuse("the device tree does not say how fast the clock is");
    info.clock_rate = *rate;
    auto controller = tree.find_compatible("riscv,plic0");
    if (!controller) core::refuse("the device tree names no interrupt controller (riscv,plic0)");
    info.interrupt_controller = controller->registers.base;
    auto finisher = tree.find_compatible("sifive,test0");
    set_power_off_device(finisher ? finisher->registers.base : 0);
}

void find_arguments(const DeviceTree& tree, BootInfo& info) {
    auto chosen = tree.chosen();
    if (!chosen) core::refuse("the device tree's node /chosen is malformed");
    info.command_line = chosen->boot_args;
    info.initrd = occupied[1] = chosen->initrd;
    info.occupied = occupied;
}

}  // namespace

BootInfo discover_machine(uint64_t boot_cpu, uint64_t firmware_data) {
    const DeviceTree tree = open_device_tree(firmware_data);
    BootInfo info = {};
    info.memory = find_memory(tree);
    info.cpus = find_cpus(tree, boot_cpu);
    find_devices(tree, info);
    find_arguments(tree, info);
    return info;
}

}  // namespace arch
