// x86_64: neither the time-stamp counter nor the APIC's timer says how fast it is; the interval timer
// of the first PC does: 1,193,182 ticks a second, ever since. Both are counted while it counts (Intel
// 8254 data sheet). When QEMU counts instructions, all three follow that count: no run differs.
#include "arch/x86_64/calibrate.h"

#include "arch/cpu.h"
#include "arch/device_registers.h"
#include "arch/x86_64/apic.h"

namespace arch {

namespace {

constexpr uint64_t kPitRate = 1'193'182;
constexpr uint16_t kCounter0 = 0x40, kControl = 0x43;
constexpr uint8_t kLatch0 = 0x00;       // counter 0: keep what it is now for reading
constexpr uint8_t kRunCounter0 = 0x34;  // both bytes, mode 2: count down again and again
constexpr uint16_t kWindow = 2387;      // two milliseconds

uint16_t read_pit() {
    write_port(kControl, kLatch0);
    const uint8_t low = read_port(kCounter0);
    return static_cast<uint16_t>(read_port(kCounter0) << 8 | low);
}

struct Moment {
    uint16_t pit;
    uint64_t clock;
    uint32_t timer;
};

// The moment when the interval timer has just changed, at least `distance` ticks behind `start`.
Moment next_tick(uint16_t start, uint16_t distance) {
    uint16_t pit = read_pit();
    for (;;) {
        const uint16_t before = pit;
        pit = read_pit();
        if (pit != before && static_cast<uint16_t>(start - pit) >= distance) {
            return {pit, read_clock(), timer_count()};
        }
    }
}

}  // namespace

uint64_t calibrate_clock() {
    write_port(kControl, kRunCounter0);
    write_port(kCounter0, 0);  // 65536, low byte first
    write_port(kCounter0, 0);
    start_timer_count();
    next_tick(read_pit(), 1);  // for nothing: the first run is slow where code is translated
    const Moment begin = next_tick(read_pit(), 1);
    const Moment end = next_tick(begin.pit, kWindow);
    const uint64_t clock_ticks = end.clock - begin.clock;
    const uint16_t pit_ticks = static_cast<uint16_t>(begin.pit - end.pit);
    set_timer_rate(begin.timer - end.timer, clock_ticks);
    return clock_ticks * kPitRate / pit_ticks;
}

}  // namespace arch
