/* An ordinary C program: it reads names and weights from the file that is its argument, sorts them,
 * and weighs. The compiler's own C library is linked into it, so it needs of the kernel what every
 * such program needs: a heap that grows, large pieces that are mapped and moved, a stack that grows,
 * files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { kNameSize = 32, kLarge = 24 << 20, kFewPages = 4096 * 5 };

struct Stone {
    char name[kNameSize];
    long weight;
};

static int lighter_first(const void* left, const void* right) {
    const struct Stone *a = left, *b = right;
    if (a->weight != b->weight) return a->weight < b->weight ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* The array grows by realloc(): first in the heap, then in mappings of its own that mremap() moves. */
static struct Stone* read_stones(FILE* file, size_t* count) {
    struct Stone* stones = NULL;
    struct Stone one;
    size_t room = 0;
    *count = 0;
    while (fscanf(file, "%31s %ld", one.name, &one.weight) == 2) {
        if (*count == room) {
            room = room ? room * 2 : 4;
            stones = realloc(stones, room * sizeof *stones);
            if (!stones) return NULL;
        }
        stones[(*count)++] = one;
    }
    return stones;
}

/* Touches a few pages of a large, zeroed piece: only they cost memory. */
static long touch_large(long start) {
    unsigned char* large = calloc(kLarge, 1);
    long sum = 0;
    if (!large) return -1;
    for (long at = 0; at < kLarge; at += kLarge / 16) {
        sum += large[at];
        large[at] = (unsigned char)(start + at / 4096);
    }
    for (long at = 0; at < kLarge; at += kLarge / 32) sum += large[at];
    free(large);
    return sum;
}

/* Each call needs its own pages of the stack. */
__attribute__((noinline)) static long sum_down(const struct Stone* stones, size_t count) {
    volatile char room[kFewPages];
    room[0] = (char)count;
    if (count == 0) return 0;
    long below = sum_down(stones, count - 1);
    return below + stones[count - 1].weight + room[0] - (char)count;
}

int main(int argc, char** argv) {
    FILE* file = argc > 1 ? fopen(argv[1], "r") : NULL;
    if (!file) {
        perror(argc > 1 ? argv[1] : "weigh: a file is wanted");
        return 1;
    }
    size_t count;
    struct Stone* stones = read_stones(file, &count);
    if (!stones) {
        printf("no memory for the stones\n");
        return 2;
    }
    fclose(file);
    qsort(stones, count, sizeof *stones, lighter_first);
    printf("%zu stones, from %s (%ld) to %s (%ld)\n", count, stones[0].name, stones[0].weight,
           stones[count - 1].name, stones[count - 1].weight);
    printf("the middle one weighs %.3f kg\n", (double)stones[count / 2].weight / 1000);
    printf("the lightest hundred weigh %ld g\n", sum_down(stones, count < 100 ? count : 100));
    printf("large pieces: %ld %ld\n", touch_large(1), touch_large(count));
    for (size_t i = 0; i < 3 && i < count; i++)
        printf("%-12s %8ld g\n", stones[i].name, stones[i].weight);
    free(stones);
    return 0;
}
