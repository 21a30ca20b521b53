// EXPECT g++: return-statement with a value, in function returning 'void'
// EXPECT clang: void function 'commit' should not return a value
// EXPECT: TRY works only in a function that returns Result
#include "lib/result.h"

Result<int> look();

#ifdef MISTAKE
void commit() {
#else
Result<void> commit() {
#endif
    TRY(look());
#ifndef MISTAKE
    return {};
#endif
}
