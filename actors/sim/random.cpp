#include "drover/actors/sim/random.hpp"

#include "drover/actors/sim/portable_math.hpp"

#include <cmath>

namespace drover::sim {

double random_stream::exponential(double mean) {
  return -mean * portable_log(1 - uniform());
}

double random_stream::normal() {
  for (;;) {
    auto x = 2 * uniform() - 1;
    auto y = 2 * uniform() - 1;
    auto square = x * x + y * y;
    // Square roots are rounded in one way everywhere, as divisions are.
    if (square > 0 && square < 1)
      return x * std::sqrt(-2 * portable_log(square) / square);
  }
}

double random_stream::lognormal(double sigma) {
  return portable_exp(sigma * normal());
}

double random_stream::pareto(double alpha) {
  return portable_exp(-portable_log(1 - uniform()) / alpha);
}

} // namespace drover::sim
