// The door of lab stack: what the floors below may call.
#pragma once

namespace stack {

struct Depth {
  int used = 0;
};

void push(Depth& depth, int value);
int pop(Depth& depth);
int held();
int peek(int slot);

// Called when the machine ends.
void on_end(const Depth& depth);

}  // namespace stack
