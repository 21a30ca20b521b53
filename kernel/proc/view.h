// A process as it is at one moment, for who looks from outside: the files of /proc/<pid>.
//
// What changes is copied with task's family lock held; memory and files are kept by an owner, so that the
// process may end meanwhile, and they are looked at without that lock.
#pragma once
#include <cstdint>

#include "core/process.h"
#include "core/thread.h"
#include "fs/context.h"
#include "fs/descriptors.h"
#include "lib/ref_ptr.h"
#include "lib/result.h"
#include "mm/address_space.h"
#include "task/process_part.h"

namespace proc {

struct ProcessView {
    int pid = 0, parent = 0, group = 0, session = 0;
    char state = 'Z';  // as ps(1) shows it: R, S, Z
    char name[task::ThreadLife::kNameBytes] = {};
    core::Credentials credentials;
    bool gains_nothing = false;  // PR_SET_NO_NEW_PRIVS
    core::Limits limits;
    task::Usage used, used_by_reaped;
    int exit_signal = 0, status = 0;
    unsigned threads = 1;
    uint64_t started_ns = 0;
    // Of its thread; a zombie has none any more.
    int nice = 0;
    uint32_t cpu = 0;
    sched::CpuSet affinity = 0;
    // None: a zombie's, or it is just ending.
    RefPtr<mm::AddressSpace> memory;
    RefPtr<fs::DescriptorTable> descriptors;
    RefPtr<fs::Context> context;

    bool is_zombie() const { return state == 'Z'; }
};

// Effect: looks at a process. ESRCH: it has been reaped. Context: may sleep.
Result<UniquePtr<ProcessView>> look_at(core::Process& process);

// Effect: whether the process that calls may see what only this process itself knows: what its memory
// holds, and which files it has (task/rights.h). EACCES; ESRCH as above. Context: any.
Result<void> check_may_look_into(core::Process& process);

// ---- its memory ----

// All in bytes.
struct MemoryFigures {
    uint64_t size = 0;
    uint64_t data = 0;   // private and writable, but for the stack
    uint64_t stack = 0;  // what grows down
    uint64_t code = 0;   // executable
    uint64_t resident = 0, resident_of_files = 0;
    uint64_t most_size = 0, most_resident = 0;  // that it ever was
    // Where the first mapping of its kind lies: of what is executable, of private data of a file, of brk's.
    uint64_t code_begin = 0, code_end = 0, data_begin = 0, data_end = 0, break_begin = 0;
};

// Context: may sleep; takes time for each page that is there.
MemoryFigures measure(mm::AddressSpace& memory);

}  // namespace proc
