// The port contract, registers of a device that are a byte wide: DeviceRegisters, made from the number
// that BootInfo gives for the device, reads and writes the register `index`. Whether they lie in memory
// or behind instructions of their own is the port's affair.
#pragma once
#include "port/device_registers.h"
