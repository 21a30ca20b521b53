// Stand-in for lab execve: the calls. What a path or an argument can have wrong is an error; a file that
// turns out to be no program costs the caller its life, for by then its old program is gone.
#include <asm/signal.h>
#include <linux/fcntl.h>

#include "core/log.h"
#include "core/process.h"
#include "entry/syscall.h"
#include "exec/door.h"
#include "exec/load.h"
#include "fs/caller.h"
#include "fs/dev/random.h"
#include "fs/permission.h"
#include "mm/door.h"
#include "signal/actions.h"
#include "signal/door.h"
#include "task/door.h"

namespace exec {

namespace {

using Array = mm::UserPtr<const uint64_t>;

enum class Outcome { kNewProgram, kNoProgram };

uint64_t draw_seed() {
    uint64_t seed = 0;
    mm::IoBuffer buffer;
    buffer.add_kernel({reinterpret_cast<uint8_t*>(&seed), sizeof(seed)});
    return fs::read_random(buffer) ? seed : 0;
}

// The program of a path: of a regular file that the caller may execute.
Result<RefPtr<Program>> find_program(int directory, mm::UserString path, int flags) {
    const bool may_be_empty = (flags & AT_EMPTY_PATH) != 0;
    const bool keeps_link = (flags & AT_SYMLINK_NOFOLLOW) != 0;
    fs::PathArgument name;
    TRY(name.read(path, may_be_empty ? fs::EmptyPath::kAllowed : fs::EmptyPath::kRefused));
    RefPtr<fs::Node> file = TRY(fs::node_at(
        directory, name.text(), keeps_link ? fs::LastLink::kKeep : fs::LastLink::kFollow));
    if (file->is_symbolic_link()) return Errno{ELOOP};
    if (!file->is_regular()) return Errno{EACCES};
    TRY(fs::check_permission(*file, fs::kMayExecute, fs::credentials()));
    return Program::make(std::move(file), name.text());
}

// What a process may share with others, and has for itself from here on.
struct OwnParts {
    RefPtr<fs::DescriptorTable> descriptors;
    RefPtr<signal::Actions> actions;
};

// What others see and have of a thread's program changes: descriptors, actions, name, what it carries, who
// waits for vfork.
void become(core::Thread& thread, RefPtr<Program> program, OwnParts own) {
    own.descriptors = fs::exchange_descriptors(thread, std::move(own.descriptors));
    own.actions = signal::exchange_actions(*thread.process, std::move(own.actions));
    thread.files.descriptors->close_on_exec();
    thread.name = program->path();  // which the process keeps
    const lib::Text name = program->name();
    const bool is_secret = !fs::check_permission(*program->node, fs::kMayRead, fs::credentials());
    set_program(*thread.process, std::move(program));
    task::finish_execve(thread, name);
    // Its memory holds what the file does, which this user may not read.
    if (is_secret) mm::set_dumpable(thread, false);
}

Result<Outcome> execute(RefPtr<Program> program, Array argv, Array envp) {
    core::Thread& thread = fs::caller();
    Words words(thread.process->limits);
    TRY(words.add_array(argv));
    if (words.count() == 0) TRY(words.add(""));  // no program finds nothing in argv[0]
    words.end_arguments();
    TRY(words.add_array(envp));
    OwnParts own;
    own.descriptors = TRY(fs::descriptors().clone());
    own.actions = TRY(signal::copy_actions(*thread.process));
    task::clear_child_tid(thread);
    if (!load(thread, *program, words, draw_seed())) return Outcome::kNoProgram;
    become(thread, std::move(program), std::move(own));
    return Outcome::kNewProgram;
}

// Behind execute(), so that nothing of it is held when the thread ends.
Result<long> finish(Outcome outcome) {
    if (outcome == Outcome::kNewProgram) return 0;
    core::Thread& thread = fs::caller();
    core::log("cairn: {} killed by SIGKILL: execve found no program", thread.name);
    task::end_program(thread, {SIGKILL, "SIGKILL", "execve"});
}

}  // namespace

// execve(2)
SYSCALL(execve, mm::UserString path, Array argv, Array envp) {
    return finish(TRY(execute(TRY(find_program(AT_FDCWD, path, 0)), argv, envp)));
}

// execveat(2)
SYSCALL(execveat, int directory, mm::UserString path, Array argv, Array envp, int flags) {
    if ((flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)) != 0) return Errno{EINVAL};
    return finish(TRY(execute(TRY(find_program(directory, path, flags)), argv, envp)));
}

}  // namespace exec
