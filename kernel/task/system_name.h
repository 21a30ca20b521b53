// What the machine calls itself: uname(2), sethostname(2), /proc/version, /proc/sys/kernel.
#pragma once
#include <linux/utsname.h>

#include "lib/text.h"

namespace task {

// Context of both: any.
new_utsname system_name();

// Effect: sets the name; what is longer than 64 bytes is cut.
void set_host_name(lib::Text name);

}  // namespace task
