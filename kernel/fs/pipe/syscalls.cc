// pipe(2), pipe2(2).
#include <linux/fcntl.h>

#include "entry/syscall.h"
#include "fs/caller.h"
#include "fs/pipe/pipe.h"

namespace fs {

namespace {

Result<long> publish(const Fd (&made)[2], PipeEnds ends, mm::UserPtr<int[2]> result,
                     OnExec on_exec) {
    const int numbers[2] = {made[0].value(), made[1].value()};
    TRY(mm::copy_to_user(result.address(),
                         {reinterpret_cast<const uint8_t*>(numbers), sizeof(numbers)}));
    descriptors().publish(made[0], std::move(ends.reading), on_exec);
    descriptors().publish(made[1], std::move(ends.writing), on_exec);
    return 0;
}

// The program learns the numbers before anybody can use them: nothing needs to be closed after an error.
Result<long> open_pipe(mm::UserPtr<int[2]> result, unsigned flags) {
    // Packets (O_DIRECT) are not served: pipe(2) lets a kernel say so.
    if ((flags & ~unsigned{O_CLOEXEC | O_NONBLOCK}) != 0) return Errno{EINVAL};
    PipeEnds ends = TRY(make_pipe(flags & O_NONBLOCK));
    const Fd first = TRY(descriptors().reserve(0, descriptor_limit()));
    const auto second = descriptors().reserve(0, descriptor_limit());
    if (!second) {
        descriptors().cancel(first);
        return second.error();
    }
    const auto on_exec = (flags & O_CLOEXEC) != 0 ? OnExec::kClose : OnExec::kKeep;
    auto done = publish({first, *second}, std::move(ends), result, on_exec);
    if (!done) {
        descriptors().cancel(first);
        descriptors().cancel(*second);
    }
    return done;
}

}  // namespace

SYSCALL(pipe2, mm::UserPtr<int[2]> result, unsigned flags) { return open_pipe(result, flags); }

#ifdef __NR_pipe
SYSCALL(pipe, mm::UserPtr<int[2]> result) { return open_pipe(result, 0); }
#endif

}  // namespace fs
