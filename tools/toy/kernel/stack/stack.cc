// Lab stack: eight slots; pop on an empty stack answers -1.
#include <cstdio>

#include "lib/todo.h"
#include "stack/door.h"

namespace stack {
namespace {
constexpr int kSlots = 8;
int slots[kSlots];
int top = 0;
}  // namespace

int held() { return top; }
int peek(int slot) { return slots[slot]; }

// ROOM stack.1 begin: push a value
void push(Depth& depth, int value) {
  if (top == kSlots) {
    return;
  }
  slots[top++] = value;
  depth.used = top;
}
// ROOM stack.1 end

// ROOM stack.2 begin: pop the newest value
int pop(Depth& depth) {
  if (top == 0) {
    return -1;
  }
  int value = slots[--top];
  depth.used = top;
  return value;
}
// ROOM stack.2 end

void on_end(const Depth& depth) {
  if (depth.used != 0) {
    std::printf("%d left\n", depth.used);
  }
}

}  // namespace stack
