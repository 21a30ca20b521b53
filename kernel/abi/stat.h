// <linux/stat.h> with its S_… constants, which it hides from whoever has seen a header of glibc (and
// the C++ library's headers show one to everybody).
#pragma once
#include <linux/types.h>

#ifndef S_IFMT
#define __KERNEL__
#include <linux/stat.h>
#undef __KERNEL__
#endif
