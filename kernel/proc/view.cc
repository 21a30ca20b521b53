// Contract: proc/view.h.
#include <asm/mman.h>
#include <cstring>

#include "fs/door.h"
#include "mm/door.h"
#include "proc/view.h"
#include "sched/schedule.h"
#include "task/family.h"
#include "task/rights.h"

namespace proc {

namespace {

char letter_of(sched::ThreadState state) {
    return state == sched::ThreadState::kBlocked ? 'S' : 'R';
}

void look_at_thread(ProcessView& view, core::Thread& thread) REQUIRES(task::family_lock) {
    view.state = letter_of(sched::state_of(thread));
    memcpy(view.name, thread.task.life.name, sizeof(view.name));
    view.nice = thread.sched.nice;
    view.cpu = thread.sched.cpu.load();
    view.affinity = thread.sched.affinity.load();
    view.memory = mm::share_memory(thread);
    view.descriptors = fs::share_descriptors(thread);
    view.context = fs::share_context(thread);
}

}  // namespace

Result<UniquePtr<ProcessView>> look_at(core::Process& process) {
    UniquePtr<ProcessView> view = TRY(lib::make<ProcessView>());
    sync::SpinGuard guard(task::family_lock);
    const task::ProcessPart& part = process.task;
    if (part.state == task::ProcessState::kReaped) return Errno{ESRCH};
    view->pid = process.pid;
    view->parent = task::parent_pid(process);
    view->group = part.group->number;
    view->session = part.session->number;
    view->credentials = task::credentials_of(process);
    view->gains_nothing = part.gains_nothing;
    view->limits = process.limits;
    view->used = task::usage_of(process);
    view->used_by_reaped = part.used_by_reaped;
    view->exit_signal = part.exit_signal;
    view->status = part.status;
    view->started_ns = part.started_ns;
    memcpy(view->name, part.name, sizeof(view->name));
    if (part.thread != nullptr) look_at_thread(*view, *part.thread);
    return view;
}

Result<void> check_may_look_into(core::Process& process) {
    sync::SpinGuard guard(task::family_lock);
    if (process.task.state == task::ProcessState::kReaped) return Errno{ESRCH};
    if (!task::may_touch(process, task::Touch::kLook)) return Errno{EACCES};
    return {};
}

// ---- its memory -------------------------------------------------------------------------------------

namespace {

void note_first(uint64_t& begin, uint64_t& end, const mm::Vma& vma) {
    if (begin != 0) return;
    begin = vma.begin;
    end = vma.end;
}

void add(MemoryFigures& figures, const mm::Vma& vma) {
    const bool is_private = (vma.flags & mm::Vma::kShared) == 0;
    const bool is_data = is_private && (vma.protection & PROT_WRITE) != 0;
    figures.size += vma.size();
    if ((vma.protection & PROT_EXEC) != 0) {
        figures.code += vma.size();
        note_first(figures.code_begin, figures.code_end, vma);
    } else if ((vma.flags & mm::Vma::kGrowsDown) != 0) {
        figures.stack += vma.size();
    } else if (is_data) {
        figures.data += vma.size();
        if (vma.source) note_first(figures.data_begin, figures.data_end, vma);
    }
    if ((vma.flags & mm::Vma::kHeap) != 0) note_first(figures.break_begin, figures.data_end, vma);
}

}  // namespace

MemoryFigures measure(mm::AddressSpace& memory) {
    MemoryFigures figures;
    memory.for_each_mapping([&](const mm::Vma& vma) { add(figures, vma); });
    const mm::AddressSpace::Residency residency = memory.count_resident();
    figures.resident = residency.all * arch::kPageSize;
    figures.resident_of_files = residency.of_sources * arch::kPageSize;
    const mm::AddressSpace::Sizes sizes = memory.sizes();
    figures.most_size = sizes.most_mapped_bytes;
    figures.most_resident = sizes.most_resident_pages * arch::kPageSize;
    return figures;
}

}  // namespace proc
