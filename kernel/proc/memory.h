// Texts of /proc about memory, in the formats of proc(5), which programs parse.
#pragma once
#include "lib/format.h"

namespace mm {
class AddressSpace;
}

namespace proc {

// Effect: write /proc/meminfo, and /proc/<pid>/maps of the process that has this memory.
void write_meminfo(lib::Sink& sink);
void write_maps(lib::Sink& sink, mm::AddressSpace& memory);

}  // namespace proc
