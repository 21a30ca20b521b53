// Contract: signal/actions.h.
#include "signal/actions.h"

#include <cstring>

#include "lib/make.h"

namespace signal {

namespace {

bool is_as_usual(const struct sigaction& action) { return action.sa_handler == SIG_DFL; }

// By default (signal(7)): these do nothing, or would stop or continue the process.
bool usually_does_nothing(int number) {
    switch (number) {
        case SIGCHLD:
        case SIGURG:
        case SIGWINCH:
        case SIGCONT:
        case SIGSTOP:
        case SIGTSTP:
        case SIGTTIN:
        case SIGTTOU: return true;
        default: return false;
    }
}

}  // namespace

Result<RefPtr<Actions>> Actions::clone() const {
    RefPtr<Actions> copy = TRY(lib::make_ref<Actions>());
    for (int number = 1; number <= kMostSignals; number++) copy->set(number, get(number));
    return copy;
}

struct sigaction Actions::get(int number) const {
    sync::SpinGuard guard(lock_);
    return actions_[number - 1];
}

void Actions::set(int number, const struct sigaction& action) {
    sync::SpinGuard guard(lock_);
    actions_[number - 1] = action;
}

void Actions::forget_handlers() {
    sync::SpinGuard guard(lock_);
    for (struct sigaction& action : actions_) {
        if (action.sa_handler != SIG_IGN) memset(&action, 0, sizeof(action));
    }
}

Effect Actions::effect_of(int number) const {
    const struct sigaction action = get(number);
    const bool ends = is_as_usual(action) && !usually_does_nothing(number);
    return ends ? Effect::kEnds : Effect::kNothing;
}

bool Actions::ignores(int number) const {
    const struct sigaction action = get(number);
    return action.sa_handler == SIG_IGN ||
           (number == SIGCHLD && (action.sa_flags & SA_NOCLDWAIT) != 0);
}

}  // namespace signal
