"""Sees a machine that does nothing but trap: the handler's first instructions trap themselves, for ever.

It is the classic mistake of a lab on traps (the vector still points to the user's handler, or the handler
loads a bad base), and under QEMU it is dear: a trap costs the host hundreds of times what an instruction
does, so spending the row's budget that way would take minutes. All measures are QEMU's own CPU time and the
guest's clock; a busy host changes neither.
"""
from __future__ import annotations

from .verdicts import TimedOut

CPU_SECONDS = 2.0           # it must last so long
SLOW = 5_000_000            # guest instructions a second of CPU time; ordinary code does twenty times as many
NEARBY = 64                 # bytes: the first instructions of one handler
LOOKS = 6


class TrapStorm(TimedOut):
    """`registers` are those of the trap that repeats: the same in every run."""

    def __init__(self, registers: dict[str, int]):
        super().__init__("one trap follows another without end: the code that handles it traps itself "
                         f"(scause {registers['scause']}, stval 0x{registers['stval']:x})")
        self.registers = registers


class StormWatch:
    """Watches one CPU: is shown its registers now and then, while the machine runs slowly if that is known."""

    def __init__(self) -> None:
        self._begin = 0.0                               # CPU time when the storm may have begun
        self._mark: tuple[float, int] = (0.0, 0)        # CPU time and instructions when it was last fast
        self._seen: list[dict[str, int]] = []

    def is_slow(self, cpu_seconds: float, instructions: int) -> bool:
        """Whether the machine has been slow since the last time that it was not."""
        seconds, count = self._mark
        if instructions - count > SLOW * max(cpu_seconds - seconds, 0.2):
            self._mark = cpu_seconds, instructions
            self._restart(cpu_seconds)
            return False
        return True

    def look(self, cpu_seconds: float, registers: dict[str, int]) -> None:
        """Raises TrapStorm when all that was seen for long enough is one place that traps."""
        self._seen.append(registers)
        places = [found.get(name, 0) for found in self._seen for name in ("pc", "sepc")]
        if max(places) - min(places) > NEARBY or registers.get("scause", 0) >> 63:
            self._restart(cpu_seconds)
        elif cpu_seconds - self._begin > CPU_SECONDS and len(self._seen) >= LOOKS:
            first = min(self._seen, key=lambda found: (found["sepc"], found["scause"], found["stval"]))
            raise TrapStorm({**first, "pc": first["sepc"]})

    def _restart(self, cpu_seconds: float) -> None:
        self._begin = cpu_seconds
        self._seen = []
