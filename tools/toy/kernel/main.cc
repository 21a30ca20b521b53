// The machine: carries out the words of its command line, one after the other, and prints the results.
// Belongs to the base; enters the labs through kernel/count/count.h and the door kernel/stack/door.h.
#include <cstdlib>
#include <cstdio>
#include <cstring>

#include "arch/word.h"
#include "count/count.h"
#include "queue/door.h"
#include "stack/door.h"

int main(int argc, char** argv) {
  stack::Depth depth;
  queue::Length length;
  for (int i = 1; i < argc; ++i) {
    const char* word = argv[i];
    if (!std::strcmp(word, "word")) {
      std::printf("%d\n", arch::kWordBits);
    } else if (!std::strcmp(word, "add") && i + 2 < argc) {
      std::printf("%d\n", count::add(std::atoi(argv[i + 1]), std::atoi(argv[i + 2])));
      i += 2;
    } else if (!std::strcmp(word, "multiply") && i + 2 < argc) {
      std::printf("%d\n", count::multiply(std::atoi(argv[i + 1]), std::atoi(argv[i + 2])));
      i += 2;
    } else if (!std::strcmp(word, "total")) {
      std::printf("%d\n", count::total());
    } else if (!std::strcmp(word, "push") && i + 1 < argc) {
      stack::push(depth, std::atoi(argv[++i]));
    } else if (!std::strcmp(word, "pop")) {
      std::printf("%d\n", stack::pop(depth));
    } else {
      std::printf("unknown word %s\n", word);
      return 2;
    }
  }
  stack::on_end(depth);
  queue::on_end(length);
  return 0;
}
