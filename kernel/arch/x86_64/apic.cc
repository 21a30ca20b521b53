// x86_64: the local APIC (Intel SDM volume 3, "Advanced Programmable Interrupt Controller"), reached by
// its registers in memory. Contracts: apic.h, arch/cpu.h (timer, IPI).
#include "arch/x86_64/apic.h"

#include "arch/cpu.h"
#include "arch/memory.h"
#include "arch/per_cpu.h"
#include "arch/trap.h"

namespace arch {

namespace {

constexpr uint64_t kBase = 0xfee00000;  // what it is after reset, and nobody moves it

enum Register : uint64_t {
    kId = 0x20,
    kTaskPriority = 0x80,
    kEndOfInterrupt = 0xb0,
    kSpurious = 0xf0,
    kInService = 0x100,  // eight words of 32 vectors each, 16 bytes apart
    kCommandLow = 0x300,
    kCommandHigh = 0x310,
    kTimerEntry = 0x320,
    kPin0Entry = 0x350,
    kPin1Entry = 0x360,
    kErrorEntry = 0x370,
    kInitialCount = 0x380,
    kCurrentCount = 0x390,
    kDivisor = 0x3e0,
};

constexpr uint32_t kEnabled = 0x100, kMasked = 0x10000, kNmi = 0x400;
constexpr uint32_t kLetNothingThrough = 0xff, kLetAllThrough = 0;
constexpr uint32_t kDivideBy1 = 0b1011;
// Interrupt commands: delivery mode, level "assert", and the bit that says that one is on its way.
constexpr uint32_t kInit = 0x500, kStartUp = 0x600, kAssert = 0x4000, kSending = 0x1000;

uint64_t timer_ticks_per_clock_tick = 0;  // 32.32

volatile uint32_t& apic(uint64_t offset) {
    return *direct_map<volatile uint32_t>(PhysAddr{kBase + offset});
}

void send_command(unsigned apic_id, uint32_t command) {
    InterruptGuard guard;  // an interrupt between the two halves might send one of its own
    while ((apic(kCommandLow) & kSending) != 0) pause_cpu();
    apic(kCommandHigh) = apic_id << 24;
    apic(kCommandLow) = command | kAssert;
}

uint32_t number_of(Vector vector) { return static_cast<uint32_t>(vector); }

bool is_in_service(uint32_t vector) {
    return (apic(kInService + 16 * (vector / 32)) >> (vector % 32) & 1) != 0;
}

}  // namespace

void init_local_apic() {
    apic(kTaskPriority) = kLetNothingThrough;
    apic(kSpurious) = kEnabled | number_of(Vector::kSpurious);
    apic(kTimerEntry) = kMasked;
    apic(kPin0Entry) = kMasked;  // the old interrupt controller, which nobody uses
    apic(kPin1Entry) = kNmi;
    apic(kErrorEntry) = kMasked;
    apic(kDivisor) = kDivideBy1;
}

unsigned local_apic_id() { return apic(kId) >> 24; }

void accept_interrupts() {
    apic(kTimerEntry) = number_of(Vector::kTimer);
    apic(kTaskPriority) = kLetAllThrough;
}

void start_timer_count() { apic(kInitialCount) = ~uint32_t{0}; }

uint32_t timer_count() { return apic(kCurrentCount); }

void set_timer_rate(uint64_t timer_ticks, uint64_t clock_ticks) {
    apic(kInitialCount) = 0;
    timer_ticks_per_clock_tick = (timer_ticks << 32) / clock_ticks;
}

// The timer counts at a rate of its own, from a number of 32 bits down to 0, where it interrupts. The
// sum is rounded up, for the deadline must have come. One that is too far away for 32 bits comes early:
// in seconds, and whoever waits so long looks at the clock.
void set_timer(uint64_t deadline) {
    if (is_in_service(number_of(Vector::kTimer))) end_interrupt();
    if (deadline == ~uint64_t{0}) {
        apic(kInitialCount) = 0;  // stopped
        return;
    }
    const uint64_t now = read_clock();
    const uint64_t distance = deadline > now ? deadline - now : 0;
    const auto count = static_cast<unsigned __int128>(distance) * timer_ticks_per_clock_tick >> 32;
    constexpr uint32_t kLargest = ~uint32_t{0};
    apic(kInitialCount) = count < kLargest ? static_cast<uint32_t>(count) + 1 : kLargest;
}

void send_ipi(const Cpu& cpu) { send_command(cpu.hardware_id, number_of(Vector::kIpi)); }

void acknowledge_ipi() { end_interrupt(); }

void wake_cpu(unsigned apic_id, uint64_t page) {
    send_command(apic_id, kInit);
    send_command(apic_id, kStartUp | static_cast<uint32_t>(page / kPageSize));
}

uint32_t device_vector_in_service() {
    constexpr uint32_t kFirst = 0x20;  // of the two words that hold the devices' bits
    static_assert(Vector::kFirstDevice == Vector{0x30} && Vector::kLastDevice == Vector{0x5f});
    const uint64_t both = apic(kInService + 16 * 1) | uint64_t{apic(kInService + 16 * 2)} << 32;
    const uint64_t devices = both >> (number_of(Vector::kFirstDevice) - kFirst);
    if (devices == 0) return 0;
    return number_of(Vector::kLastDevice) - static_cast<uint32_t>(__builtin_clzll(devices) - 16);
}

void end_interrupt() { apic(kEndOfInterrupt) = 0; }

}  // namespace arch
