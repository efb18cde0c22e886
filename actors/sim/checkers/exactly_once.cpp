#include "drover/actors/sim/checkers/exactly_once.hpp"

#include <string>

namespace drover::sim {

exactly_once::exactly_once(ledger& books) : books_(books) {
  books.on_update([this](std::uint32_t shard, const std::vector<ledger::taken_push>& pushes, std::uint64_t before) {
    for (const auto& one : pushes)
      version_of_[{shard, one.worker, one.joined}][one.sequence] = before + 1;
  });
}

void exactly_once::on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) {
  const auto* applied = std::get_if<message<messages::GradientApplied>>(&what);
  if (applied == nullptr)
    return;
  auto view = applied->read();
  auto& known = version_of_[{from.index, to.index, view->getEpoch()}];
  auto which = to_string(from) + " acknowledges push " + std::to_string(view->getSequence()) + " of " + to_string(to);
  auto found = known.find(view->getSequence());
  if (found == known.end())
    throw violation("exactly once", now, which + ", which it should not have applied");
  if (found->second != view->getVersion())
    throw violation("exactly once", now,
                    which + " as part of version " + std::to_string(view->getVersion()) + ", and it belongs to " +
                        std::to_string(found->second));
  // Acknowledgements may repeat the last one, never one before.
  known.erase(known.begin(), found);
}

void exactly_once::on_end(nanoseconds now, const finish_job& result) {
  auto summary = result.summary.read();
  for (auto report : summary->getShards()) {
    const auto& at = books_.of(report.getShard());
    std::uint64_t updates = 0;
    for (auto worker : report.getWorkers())
      updates += worker.getUpdates();
    // A report may be older than the end, never newer.
    if (report.getVersion() > at.version || updates > at.updates)
      throw violation("exactly once", now,
                      "shard " + std::to_string(report.getShard()) + " reports " + std::to_string(updates) +
                          " updates in " + std::to_string(report.getVersion()) + " versions, and it took in " +
                          std::to_string(at.updates) + " in " + std::to_string(at.version));
  }
}

} // namespace drover::sim
