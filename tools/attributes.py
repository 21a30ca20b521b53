"""What a program gets from the shell that starts it, set to what it usually is, so that no shell changes a result.

`usual` belongs into a child before it becomes the program: signals, mask, umask, limits, nice value, scheduling policy,
CPUs, personality. `unusual` says what this user may not set back.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
from collections.abc import Callable

# As a login on Debian has them; a hard limit that is lower stays.
LIMITS = {resource.RLIMIT_STACK: 8 << 20, resource.RLIMIT_NOFILE: 1024, resource.RLIMIT_CORE: 0}
UNLIMITED = (resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_DATA, resource.RLIMIT_AS, resource.RLIMIT_RSS)
USUAL_PERSONALITY = 0


def usual() -> None:
    """For subprocess's preexec_fn. What may not be set is left: see `unusual`."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    os.umask(0o022)
    usual_limits()
    with contextlib.suppress(OSError):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, 0)
    ctypes.CDLL(None).personality(USUAL_PERSONALITY)


def usual_limits() -> None:
    for number in (*LIMITS, *UNLIMITED):
        soft, hard = LIMITS.get(number, resource.RLIM_INFINITY), resource.getrlimit(number)[1]
        if is_above(soft, hard):
            with contextlib.suppress(OSError, ValueError):      # root may
                resource.setrlimit(number, (soft, soft))
                continue
            soft = hard
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(number, (soft, hard))


def is_above(limit: int, other: int) -> bool:
    return other != resource.RLIM_INFINITY and (limit == resource.RLIM_INFINITY or limit > other)


def unusual() -> str:
    """What a program started by this process will get and should not, because it may not be set back."""
    found = []
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    policy = os.sched_getscheduler(0)
    if nice != 0 and not may(os.setpriority, os.PRIO_PROCESS, 0, 0):
        found.append(f"its nice value is {nice}")
    elif nice != 0:
        os.setpriority(os.PRIO_PROCESS, 0, nice)
    if policy != os.SCHED_OTHER:
        before = os.sched_getparam(0)
        if may(os.sched_setscheduler, 0, os.SCHED_OTHER, os.sched_param(0)):
            os.sched_setscheduler(0, policy, before)
        else:
            found.append("its scheduling policy is not the usual one")
    for number, name in ((resource.RLIMIT_STACK, "stack"), (resource.RLIMIT_NOFILE, "open files"), (resource.RLIMIT_FSIZE, "file size")):
        soft, hard = resource.getrlimit(number)
        least = LIMITS.get(number, 1 << 30)
        if is_above(least, hard) and not may(resource.setrlimit, number, (soft, least)):
            found.append(f"its hard limit of {name} is {hard}")
    return ", ".join(found)


def may(call: Callable[..., object], *arguments: object) -> bool:
    try:
        call(*arguments)
    except (OSError, ValueError):
        return False
    return True
