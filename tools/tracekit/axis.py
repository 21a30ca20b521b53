"""The picture's axis of time: straight where something runs; where all CPUs are idle for long, a gap of fixed width."""
from __future__ import annotations

import bisect
import dataclasses

from .model import Trace

GAP_WIDTH = 44.0
PER_TURN = 60.0             # how wide a picture should be, by how much it shows
LEAST_WIDTH, MOST_WIDTH = 1200.0, 16000.0
GAP_SHARE = 0.03            # of the busy time: idleness that is longer is cut out
STEPS = (1, 2, 5)


@dataclasses.dataclass(frozen=True)
class Piece:
    begin: int
    end: int
    x: float
    width: float
    is_gap: bool


class Axis:
    def __init__(self, trace: Trace):
        busy = busy_times(trace)
        whole = max(sum(end - begin for begin, end in busy), 1)
        shortest = int(whole * GAP_SHARE)
        joined = join([(trace.begin, trace.begin), *busy, (trace.end, trace.end)], shortest)
        joined = [(begin, end) for begin, end in joined if end > begin]
        whole = sum(end - begin for begin, end in joined) or 1
        turns = sum(thread.turns() for thread in trace.threads)
        self.scale = min(max(turns * PER_TURN, LEAST_WIDTH), MOST_WIDTH) / whole       # of the busy pieces, in units a ns
        self.pieces = list(self._pieces(trace, joined))
        self._begins = [piece.begin for piece in self.pieces]
        self.width = self.pieces[-1].x + self.pieces[-1].width

    def _pieces(self, trace: Trace, busy: list[tuple[int, int]]):
        x, time = 0.0, trace.begin
        for begin, end in busy:
            if begin > time:
                yield Piece(time, begin, x, GAP_WIDTH, True)
                x += GAP_WIDTH
            yield Piece(begin, end, x, (end - begin) * self.scale, False)
            x, time = x + (end - begin) * self.scale, end
        if trace.end > time or not busy:
            yield Piece(time, max(trace.end, time + 1), x, GAP_WIDTH, True)

    def x(self, time: int) -> float:
        piece = self.pieces[max(bisect.bisect_right(self._begins, time) - 1, 0)]
        return piece.x + piece.width * (time - piece.begin) / max(piece.end - piece.begin, 1)

    def ticks(self, wanted: float = 110.0) -> list[int]:
        """Round times (in ns since the beginning) about `wanted` units apart, in the busy pieces."""
        step, number = 1, 0
        while step * self.scale < wanted:
            number += 1
            step = STEPS[number % 3] * 10 ** (number // 3)
        first, found = self.pieces[0].begin, []
        for piece in self.pieces:
            if not piece.is_gap:
                begin = -(-(piece.begin - first) // step) * step
                found += range(begin, piece.end - first + 1, step)
        return found


def busy_times(trace: Trace) -> list[tuple[int, int]]:
    """When any thread has a CPU."""
    spans = sorted((span.begin, span.end) for cpu in trace.cpus for span, _ in trace.on_cpu(cpu))
    return join(spans, 0)


def join(spans: list[tuple[int, int]], least_gap: int) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for begin, end in spans:
        if joined and begin - joined[-1][1] <= least_gap:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined
