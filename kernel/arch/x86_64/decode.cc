// x86_64: what a vector means.
#include "arch/trap.h"

namespace arch {

Event decode(TrapCause) { return Event::kUnknown; }

}  // namespace arch
