// The ends that a run may have on QEMU's x86-64 machine, without the rest of a kernel: entered by PVH in
// 32-bit mode, it stays there. -DCHEAT=<one of the names below>; tiny.cc has the kernels that run programs.
#include <stdint.h>

enum Cheat {
  kEndsWell,      // says a line and ends with status 0, without running anything
  kHang,          // spins for ever
  kSleep,         // halts, interrupts off
  kSilent,        // spins and has printed nothing itself
  kPanic,         // says PANIC and ends so
  kFlood,         // prints for ever
  kOpenRoom,      // comes to an open room
  kRefuse,        // refuses its boot arguments
  kReset,         // has no interrupt table when it faults: the CPU gives up
  kSilentReset,   // the same, and has printed nothing
};

#ifndef CHEAT
#define CHEAT kEndsWell
#endif

// What QEMU looks for: where to enter (XEN_ELFNOTE_PHYS32_ENTRY), and a stack for C++.
__asm__(
    ".pushsection .note.Xen, \"a\", @note\n"
    ".long 4, 4, 18\n .asciz \"Xen\"\n .long _start\n"
    ".popsection\n"
    ".globl _start\n"
    "_start: movl $stack_top, %esp\n"
    "cld\n"
    "call kernel_main\n"
    ".bss\n .balign 16\n .skip 4096\n stack_top:\n .text\n");

namespace {

void out(uint16_t port, uint8_t value) { __asm__ volatile("outb %0, %1" ::"a"(value), "Nd"(port)); }

uint8_t in(uint16_t port) {
  uint8_t value;
  __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

void print(const char* text) {
  while (*text != '\0') {
    while ((in(0x3FD) & 0x20) == 0) {
    }
    out(0x3F8, static_cast<uint8_t>(*text++));
  }
}

[[noreturn]] void end(uint8_t status) {
  out(0xF4, status);
  for (;;) {
  }
}

[[noreturn]] void give_up() {
  struct [[gnu::packed]] {
    uint16_t limit;
    uint32_t base;
  } none = {0, 0};
  __asm__ volatile("lidt %0\n ud2" ::"m"(none));
  for (;;) {
  }
}

}  // namespace

extern "C" void kernel_main() {
  if (CHEAT == kSilent) {
    for (;;) {
    }
  }
  if (CHEAT == kSilentReset) give_up();
  print("[    0.000000 0] cairn: tiny\n");
  switch (CHEAT) {
    case kHang:
      for (;;) {
      }
    case kSleep:
      __asm__ volatile("cli\n 1: hlt\n jmp 1b");
    case kPanic:
      print("[    0.000001 0] PANIC: a thing went wrong: 0xdead\nPANIC: end\n");
      end(127);
    case kFlood:
      for (;;) print("all work and no play makes a console long\n");
    case kOpenRoom:
      print("[    0.000003 0] ROOM traps.4 is open: kernel/entry/dispatch.cc:42\n");
      end(121);
    case kRefuse:
      print("[    0.000003 0] cairn: refused: unknown boot argument colour=\n");
      end(120);
    case kReset:
      give_up();
    default:
      print("first call\n");
      end(0);
  }
}
