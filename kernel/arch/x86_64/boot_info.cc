// x86_64: the machine as a PVH loader hands it over (Xen, public/arch-x86/hvm/start_info.h) and as its
// ACPI tables describe it. The rest has been the same in every PC. Contract: arch/boot_info.h.
#include "arch/boot_info.h"

#include <iterator>

#include "arch/memory.h"
#include "arch/per_cpu.h"
#include "arch/x86_64/acpi.h"
#include "arch/x86_64/apic.h"
#include "arch/x86_64/calibrate.h"
#include "core/panic.h"

namespace arch {

namespace {

using lib::Bytes;

struct StartInfo {
    uint32_t magic;
    uint32_t version;
    uint32_t flags;
    uint32_t module_count;
    uint64_t modules;
    uint64_t command_line;
    uint64_t acpi_root;
    uint64_t memory_map;  // from version 1 on
    uint32_t memory_map_count;
    uint32_t reserved_;
};

struct Module {
    uint64_t address;
    uint64_t size;
    uint64_t command_line;
    uint64_t reserved_;
};

struct MemoryMapEntry {
    uint64_t address;
    uint64_t size;
    uint32_t type;
    uint32_t reserved_;
};

constexpr uint32_t kMagic = 0x336ec578;
constexpr uint32_t kRam = 1;
constexpr uint64_t kSerialPort = 0x3f8;
constexpr unsigned kSerialLine = 4;

constinit AddressRange memory_ranges[8] = {};
constinit AddressRange occupied[1] = {};  // the initial file system
constinit unsigned cpus[kMaxCpus] = {};
constinit char command_line[2048] = {};  // copied: the other CPUs begin somewhere in low memory

// All that the CPU can address through the direct map, as a blob; offsets are physical addresses.
Bytes physical_memory() { return {direct_map<const std::byte>(PhysAddr{0}), kDirectMapSize}; }

StartInfo open_start_info(uint64_t address) {
    const auto info = lib::object_at<StartInfo>(physical_memory(), address);
    if (!info || info->magic != kMagic || info->version < 1) {
        core::refuse("the firmware handed over no PVH start info with a memory map");
    }
    return *info;
}

std::span<const AddressRange> find_memory(const StartInfo& info) {
    unsigned count = 0;
    for (uint32_t i = 0; i < info.memory_map_count; i++) {
        const auto entry = lib::object_at<MemoryMapEntry>(
            physical_memory(), info.memory_map + i * sizeof(MemoryMapEntry));
        if (!entry) core::refuse("the memory map lies outside of memory");
        if (entry->type != kRam || count == std::size(memory_ranges)) continue;
        memory_ranges[count++] = {entry->address, entry->size};
    }
    return {memory_ranges, count};
}

InterruptHardware find_interrupt_hardware(const StartInfo& info) {
    const auto table = find_acpi_table(physical_memory(), info.acpi_root, "APIC");
    if (!table) core::refuse("the firmware handed over no ACPI table of CPUs (APIC)");
    auto hardware = read_interrupt_hardware(*table);
    if (!hardware) core::refuse("the ACPI table of CPUs (APIC) is malformed");
    return *hardware;
}

// The boot CPU comes first whatever its number; more than kMaxCpus stay asleep.
std::span<const unsigned> find_cpus(const InterruptHardware& hardware) {
    cpus[0] = local_apic_id();
    unsigned count = 1;
    for (unsigned i = 0; i < hardware.cpu_count && count < kMaxCpus; i++) {
        if (hardware.cpus[i] != cpus[0]) cpus[count++] = hardware.cpus[i];
    }
    return {cpus, count};
}

lib::Text copy_command_line(uint64_t address) {
    if (address == 0) return {};
    const auto* text = direct_map<const char>(PhysAddr{address});
    size_t length = 0;
    for (; text[length] != '\0'; length++) {
        if (length == sizeof(command_line)) core::refuse("the boot arguments are too long");
        command_line[length] = text[length];
    }
    return {command_line, length};
}

AddressRange find_initrd(const StartInfo& info) {
    if (info.module_count == 0) return {};
    const auto module = lib::object_at<Module>(physical_memory(), info.modules);
    if (!module) core::refuse("the list of modules lies outside of memory");
    return {module->address, module->size};
}

}  // namespace

BootInfo discover_machine(uint64_t, uint64_t firmware_data) {
    const StartInfo start = open_start_info(firmware_data);
    const InterruptHardware hardware = find_interrupt_hardware(start);
    BootInfo info = {};
    info.memory = find_memory(start);
    info.initrd = occupied[0] = find_initrd(start);
    info.occupied = occupied;
    info.command_line = copy_command_line(start.command_line);
    info.cpus = find_cpus(hardware);
    info.clock_rate = calibrate_clock();
    info.interrupt_controller = hardware.io_apic;
    info.serial_port = kSerialPort;
    info.serial_interrupt = hardware.pin_of_line[kSerialLine];
    return info;
}

}  // namespace arch
