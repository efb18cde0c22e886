#include "drover/actors/sim/checkers/staleness_bound.hpp"

#include <string>

namespace drover::sim {

staleness_bound::staleness_bound(ledger& books) : books_(books) {
  books.on_update([this](std::uint32_t shard, const std::vector<ledger::taken_push>& pushes, std::uint64_t before) {
    for (const auto& one : pushes)
      staleness_[{shard, one.worker, one.joined, one.sequence}] = before - one.version_read;
  });
}

void staleness_bound::on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) {
  const auto* applied = std::get_if<message<messages::GradientApplied>>(&what);
  if (applied == nullptr)
    return;
  auto view = applied->read();
  auto found = staleness_.find({from.index, to.index, view->getEpoch(), view->getSequence()});
  if (found == staleness_.end())
    return; // repeated
  auto true_staleness = found->second;
  staleness_.erase(found);
  auto which = to_string(from) + " says that push " + std::to_string(view->getSequence()) + " of " + to_string(to) +
               " was " + std::to_string(view->getStalenessSteps()) + " versions old";
  if (view->getStalenessSteps() != true_staleness)
    throw violation("staleness", now, which + ", and it was " + std::to_string(true_staleness));
  auto bound = books_.rule().staleness_bound(books_.of(from.index).members_max, books_.prefetch());
  if (bound && true_staleness > *bound)
    throw violation("staleness bound", now, which + ", at most " + std::to_string(*bound) + " are allowed");
}

} // namespace drover::sim
