#include "drover/actors/sim/checkers/no_forgotten_pull.hpp"

#include <string>

namespace drover::sim {

void no_forgotten_pull::on_handled(nanoseconds now, const address& who) {
  if (who.kind != address::role::shard)
    return;
  const auto& at = books_.of(who.index);
  for (const auto& wish : at.wishes)
    if (books_.may_read(at, wish))
      throw violation("parked pulls", now,
                      to_string(who) + " keeps worker " + std::to_string(wish.worker) + " waiting to read for step " +
                          std::to_string(wish.clock) + ", which it may");
}

} // namespace drover::sim
