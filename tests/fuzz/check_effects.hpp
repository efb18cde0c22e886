#pragma once

#include "drover/actors/core/effect.hpp"

#include "tests/fuzz/read_everything.hpp"
#include <cstdlib>
#include <optional>
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

/// Every parameter that is to be computed with, tested or handed over must be there.
inline void read_parameters(const model_snapshot& parameters) {
  volatile float seen = 0;
  for (std::size_t i = 0; i < parameters.layout().blocks().size(); ++i)
    for (auto value : parameters.view().block(i))
      seen = value;
  static_cast<void>(seen);
}

/// The first message of this type that is sent.
template <class T>
[[nodiscard]] std::optional<message<T>> sent(const effects& what) {
  for (const auto& one : what)
    if (const auto* letter = std::get_if<send>(&one))
      if (const auto* body = std::get_if<message<T>>(&letter->what))
        return *body;
  return std::nullopt;
}

} // namespace drover::fuzz
