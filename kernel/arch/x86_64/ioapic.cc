// x86_64: the I/O APIC, which turns the lines of devices into vectors (Intel 82093AA data sheet,
// "I/O APIC Registers"). A source is the number of its pin. Contract: arch/interrupt_controller.h.
#include "arch/interrupt_controller.h"

#include "arch/memory.h"
#include "arch/trap.h"
#include "arch/x86_64/apic.h"

namespace arch {

namespace {

enum Register : uint32_t { kVersion = 1, kFirstEntry = 0x10 };
constexpr uint64_t kSelect = 0, kWindow = 0x10;
constexpr uint32_t kMasked = 0x10000;
constexpr auto kFirstVector = static_cast<uint32_t>(Vector::kFirstDevice);

uint64_t base = 0;

volatile uint32_t& window(uint32_t number) {
    *direct_map<volatile uint32_t>(PhysAddr{base + kSelect}) = number;
    return *direct_map<volatile uint32_t>(PhysAddr{base + kWindow});
}

// Each pin has 64 bits: where to, then vector and mode, all zero but these for a line of a PC's old
// devices (an edge, upwards).
void write_entry(uint32_t pin, uint32_t target, uint32_t low) {
    window(kFirstEntry + 2 * pin + 1) = target << 24;
    window(kFirstEntry + 2 * pin) = low;
}

}  // namespace

void init_interrupt_controller(uint64_t physical_address) {
    base = physical_address;
    const uint32_t last_pin = window(kVersion) >> 16 & 0xff;
    for (uint32_t pin = 0; pin <= last_pin; pin++) write_entry(pin, 0, kMasked);
}

void enable_interrupt_source(const Cpu& cpu, uint32_t source) {
    write_entry(source, cpu.hardware_id, kFirstVector + source);
}

// The CPU has claimed it already, by taking the vector.
uint32_t claim_interrupt(const Cpu&) {
    const uint32_t vector = device_vector_in_service();
    return vector == 0 ? 0 : vector - kFirstVector;
}

void complete_interrupt(const Cpu&, uint32_t) { end_interrupt(); }

}  // namespace arch
