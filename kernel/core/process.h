// A process: what its threads have in common beside memory and files, which clone(2) shares one by one
// and threads therefore refer to themselves. Labs add one member struct each, from their door.
#pragma once
#include "core/credentials.h"
#include "core/limits.h"
#include "exec/door.h"
#include "lib/ref_ptr.h"
#include "signal/door.h"
#include "task/door.h"

namespace core {

// Lives for as long as somebody may ask about it: its parent, /proc, a pidfd.
struct Process : lib::RefCounted<Process> {
    Process() = default;

    int pid = 1;
    Limits limits;            // written with task's family lock held; a word each to read
    Credentials credentials;  // those that its thread had when it ended: a zombie's
    [[no_unique_address]] task::ProcessPart task;
    [[no_unique_address]] exec::ProcessPart exec;
    [[no_unique_address]] signal::ProcessPart signal;
};

}  // namespace core
