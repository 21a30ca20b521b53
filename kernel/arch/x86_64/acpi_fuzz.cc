#include "arch/x86_64/acpi.h"

#include "arch/x86_64/acpi_sample.h"
#include "lib/fuzz.h"

lib::Blob fuzz_sample() { return arch::sample_acpi().memory(true); }

void fuzz_input(lib::Bytes input) {
    // The sums of both would be right in few inputs: read what the table could be as well.
    static_cast<void>(arch::find_acpi_table(input, arch::AcpiBuilder::kRoot, "APIC"));
    static_cast<void>(arch::read_interrupt_hardware(input));
}
