// The naive way from one program to the next: what was there is gone before anybody has looked at what comes.
#pragma once
#include <cstdint>

#include "exec/program.h"
#include "exec/words.h"

namespace exec {

// Effect: `thread` has forgotten its program and is ready to run `program` with these words, from whose
// random `seed` its layout is drawn. On an error it has no program at all: ENOEXEC if the file is no
// static program for this CPU, ENOMEM, EFAULT, E2BIG. Context: the thread itself, or boot; may sleep.
Result<void> load(core::Thread& thread, Program& program, const Words& words, uint64_t seed);

}  // namespace exec
