#pragma once

#include "drover/actors/sim/random.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace drover::sim {

/// What a hunt draws for one purpose. Purposes have streams of their own, so that what is added to one leaves the
/// others as they are: a world that does not meet the new keeps its seed.
class hunted_draws {
public:
  hunted_draws(std::uint64_t seed, std::string_view purpose, bool swarm) : random_(seed, purpose), swarm_(swarm) {}

  /// Both ends belong to it.
  [[nodiscard]] std::uint64_t whole(std::uint64_t low, std::uint64_t high) {
    return low + random_.below(high - low + 1);
  }
  [[nodiscard]] double between(double low, double high) { return low + (high - low) * random_.uniform(); }
  [[nodiscard]] bool chance(double probability) { return random_.chance(probability); }
  /// Whether a kind of fault is in this world: in a swarm in every second, else always.
  [[nodiscard]] bool wanted() { return !swarm_ || random_.chance(0.5); }
  template <class T, std::size_t N>
  [[nodiscard]] T one_of(const T (&values)[N]) {
    return values[random_.below(N)];
  }
  template <class T>
  [[nodiscard]] const T& one_of(const std::vector<T>& values) {
    return values[random_.below(values.size())];
  }

private:
  random_stream random_;
  bool swarm_;
};

} // namespace drover::sim
