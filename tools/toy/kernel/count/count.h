// Lab count: sums and products. The rooms are in count.cc.
#pragma once

namespace count {

// The sum of both.
int add(int left, int right);

// The product, by repeated add(); right is not negative.
int multiply(int left, int right);

// The sum of what the stack holds; 0 in a tree without a stack.
int total();

}  // namespace count
