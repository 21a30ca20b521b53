// For tests of what has locks, included first: libc has a function sync(), we have a namespace.
#pragma once

#define sync sync_of_libc
#include <unistd.h>
#undef sync
