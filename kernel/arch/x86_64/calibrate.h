// x86_64, inside the port: how fast the clock and the timer are.
#pragma once
#include <cstdint>

namespace arch {

// Effect: measures how often read_clock() ticks in a second, and sets the rate of the APIC's timer.
// Takes two milliseconds. Context: boot, interrupts off.
uint64_t calibrate_clock();

}  // namespace arch
