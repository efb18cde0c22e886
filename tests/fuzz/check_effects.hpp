#pragma once

#include "drover/actors/core/effect.hpp"

#include "tests/fuzz/read_everything.hpp"
#include <cstdlib>
#include <type_traits>

namespace drover::fuzz {

/// What a core sends must be readable, whatever it was sent itself. Ends the program where it is not.
inline void check_effects(const effects& what) {
  for (const auto& one : what)
    if (const auto* letter = std::get_if<send>(&one))
      std::visit(
          [](const auto& body) {
            if (!is_readable(*body.read()))
              std::abort();
          },
          letter->what);
    else if (const auto* news = std::get_if<notify>(&one)) {
      if (!is_readable(*news->progress.read()))
        std::abort();
    } else if (const auto* end = std::get_if<finish_job>(&one)) {
      if (!is_readable(*end->summary.read()))
        std::abort();
    }
}

template <class T>
[[nodiscard]] bool sends(const effects& what) {
  for (const auto& one : what)
    if (const auto* letter = std::get_if<send>(&one);
        letter != nullptr && std::holds_alternative<message<T>>(letter->what))
      return true;
  return false;
}

} // namespace drover::fuzz
