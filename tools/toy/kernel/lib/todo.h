// An open room: names itself and ends the run with status 121.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <source_location>

template <typename... Arguments>
struct todo {
  explicit todo(const char* room, const Arguments&...,
                std::source_location at = std::source_location::current()) {
    std::printf("ROOM %s is open: %s:%u\n", room, at.file_name(), at.line());
    std::exit(121);
  }
  template <typename T>
  operator T() const {
    return T{};
  }
};
template <typename... Arguments>
todo(const char*, const Arguments&...) -> todo<Arguments...>;
