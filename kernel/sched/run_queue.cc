// Contract: sched/run_queue.h.
#include "sched/run_queue.h"

#include <linux/sched.h>

#include "lib/todo.h"

namespace sched {

// Each step is a factor of about 1.25: with one step between them, two threads share 55 to 45.
uint64_t weight_of(const ThreadPart& thread) {
    constexpr uint64_t kWeightOfIdle = 3;
    static constexpr uint32_t kWeights[] = {88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705,
                                            14949, 11916, 9548,  7620,  6100,  4904,  3906,  3121,
                                            2501,  1991,  1586,  1277,  1024,  820,   655,   526,
                                            423,   335,   272,   215,   172,   137,   110,   87,
                                            70,    56,    45,    36,    29,    23,    18,    15};
    return thread.policy == SCHED_IDLE ? kWeightOfIdle : kWeights[thread.nice + 20];
}

// Virtual time runs at the pace of nice 0: a heavier thread's runs slower, so that it has its turn more
// often.
//   enqueue   lifts a thread that is behind least_ up to it, and puts it into ready_.
//   pick_next takes the first out of ready_; least_ follows it, but never goes back.
//   charge    adds to both times of a thread that has run.
// length_ counts what is in ready_.
// ROOM processes.2 begin: the run queue
void RunQueue::enqueue(ThreadPart& thread) {
    if (thread.virtual_time < least_) thread.virtual_time = least_;
    ready_.insert(thread);
    length_.fetch_add(1);
}

ThreadPart* RunQueue::pick_next() {
    ThreadPart* next = ready_.first();
    if (next == nullptr) return nullptr;
    ready_.remove(*next);
    length_.fetch_add(-1u);
    if (next->virtual_time > least_) least_ = next->virtual_time;
    return next;
}

void RunQueue::charge(ThreadPart& thread, uint64_t ns) {
    thread.cpu_time_ns += ns;
    thread.virtual_time += ns * kWeightOfNiceZero / weight_of(thread);
}
// ROOM processes.2 end

void RunQueue::remove(ThreadPart& thread) {
    ready_.remove(thread);
    length_.fetch_add(-1u);
}

ThreadPart* RunQueue::find_for(uint32_t cpu) {
    for (ThreadPart* thread = ready_.first(); thread != nullptr; thread = ready_.next(*thread)) {
        if (!thread->stays && may_use(*thread, cpu)) return thread;
    }
    return nullptr;
}

}  // namespace sched
