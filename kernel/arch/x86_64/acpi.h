// The ACPI tables by which the firmware of a PC tells which CPUs and interrupt controllers there are.
//
// Physical memory is a blob here, and an address is an offset in it: nothing is ever read outside of
// it. A malformed table is EINVAL, a missing one ENOENT.
// Format: ACPI specification 6.4, "Root System Description Pointer", "Multiple APIC Description Table".
#pragma once
#include <cstdint>
#include <span>

#include "lib/byte_reader.h"
#include "lib/result.h"

namespace arch {

// Effect: the whole table with these four letters, found from the root pointer at address `root`; its
// checksum is right. Pure; context: any.
Result<lib::Bytes> find_acpi_table(lib::Bytes memory, uint64_t root, const char (&letters)[5]);

// What the table "APIC" says.
struct InterruptHardware {
    static constexpr unsigned kMostCpus = 64;
    unsigned cpus[kMostCpus];  // the APIC numbers of those that may be used
    unsigned cpu_count;
    uint64_t io_apic;  // the physical address of the one that serves the lines of old devices

    // The pin of an old device's line: its number, unless the table says otherwise.
    static constexpr unsigned kOldLines = 16;
    uint32_t pin_of_line[kOldLines];
};

// Effect: reads that table. More CPUs than kMostCpus are left out. Pure; context: any.
Result<InterruptHardware> read_interrupt_hardware(lib::Bytes table);

}  // namespace arch
