// riscv64, inside the port: where the machine is switched off.
#pragma once
#include <cstdint>

namespace arch {

// Effect: the address of the device that power_off uses, found in the device tree at boot; 0: there is
// none, and the firmware switches the machine off.
void set_power_off_device(uint64_t physical_address);

}  // namespace arch
