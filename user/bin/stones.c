/* Moves a cairn of stones from one place to another, one stone at a time, never a larger one upon a
 * smaller one. It takes long and goes deep: press Ctrl-T and look where it is (make demo LAB=traps). */
#include "cairn/print.h"
#include "cairn/syscall.h"

static const char* const kPlaces[3] = {"the path", "the ford", "the summit"};
static unsigned long moves;

static void carry(int stone, int from, int to) {
    moves++;
    /* Large stones are few and heavy: they are worth a line. */
    if (stone >= 20) print("stone %d from %s to %s (%lu moves)\n", stone, kPlaces[from], kPlaces[to], moves);
}

/* Not inlined into itself, so that every stone has its frame in the backtrace. */
__attribute__((noinline)) static void move_pile(int stones, int from, int to) {
    int between = 3 - from - to;
    if (stones == 0) return;
    move_pile(stones - 1, from, between);
    carry(stones, from, to);
    move_pile(stones - 1, between, to);
    __asm__ volatile(""); /* no tail call either */
}

int main(void) {
    print("%s: 30 stones; the last one will lie on %s\n", "stones", kPlaces[2]);
    move_pile(30, 0, 2);
    print("done: %lu moves\n", moves);
    return 0;
}
