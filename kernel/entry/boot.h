// What the boot asks of lab traps beside door.h: everything that a program will need.
#pragma once
#include "dev/boot_args.h"

namespace entry {

// Effect: fills the system-call table and obeys the boot arguments that concern traps.
void init(const dev::BootArgs& args);

}  // namespace entry
