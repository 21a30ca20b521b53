// Lab count. total() is a room of the later lab stack that lies in this lab's folder.
#include "count/count.h"

#include "lib/todo.h"
#include "stack/door.h"

namespace count {

// ROOM count.1 begin: add two numbers
int add(int left, int right) {
  int sum = left;
  sum += right;
  return sum;
}
// ROOM count.1 end

// The passage between the rooms is given.
static int zero() { return 0; }

// ROOM count.2 begin: multiply by adding
int multiply(int left, int right) {
  int product = zero();
  for (int done = 0; done < right; ++done) {
    product = add(product, left);
  }
  return product;
}
// ROOM count.2 end

int first_index() { return zero(); }

// Padding between the rooms of different labs: a merge of the next lab's hand-out
// must not touch lines near a room that a student has filled. The distance that
// check asks for is eight lines, so that git sees unchanged lines
// on both sides of every change.
// The text itself
// has
// no
// meaning.

// ROOM stack.3 begin: sum up the stack
int total() {
  int all = 0;
  for (int slot = first_index(); slot < stack::held(); ++slot) {
    all = add(all, stack::peek(slot));
  }
  return all;
}
// ROOM stack.3 end

}  // namespace count
