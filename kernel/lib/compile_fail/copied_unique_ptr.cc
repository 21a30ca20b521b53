// EXPECT g++: use of deleted function
// EXPECT clang: call to deleted constructor
// EXPECT: an object has one owner: std::move\(\) it
#include "lib/unique_ptr.h"

void keep(UniquePtr<int> number);

void give(UniquePtr<int> number) {
#ifdef MISTAKE
    keep(number);
#else
    keep(std::move(number));
#endif
}
