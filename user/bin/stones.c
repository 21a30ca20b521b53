/* Moves a cairn of stones from place to place, one stone at a time and never a larger one upon a
 * smaller one, for as long as it is let. Press Ctrl-T and look where it is (make demo LAB=traps). */
#include "cairn/print.h"

enum { kStones = 12 };

static const char* const kPlaces[3] = {"the path", "the ford", "the summit"};
static volatile unsigned long moves;

/* Every stone that is being moved has its frame in the backtrace. */
__attribute__((noipa)) static void move_pile(int stones, int from, int to) {
    int between = 3 - from - to;
    if (stones == 0) return;
    move_pile(stones - 1, from, between);
    moves++;
    move_pile(stones - 1, between, to);
    __asm__ volatile(""); /* no tail call */
}

int main(void) {
    print("%d stones lie on %s\n", kStones, kPlaces[0]);
    for (unsigned long journey = 0;; journey++) {
        int from = journey % 3, to = (journey + 1) % 3;
        move_pile(kStones, from, to);
        if (journey % 4096 == 0) print("now they lie on %s, after %lu moves\n", kPlaces[to], moves);
    }
}
