#include "drover/actors/core/protocol_error.hpp"
#include "drover/actors/core/worker_core.hpp"

#include <algorithm>
#include <ranges>

// What a worker and its coordinator say to each other while it trains, or asks to.

namespace drover {

namespace {

// What is answered sooner is on its way, and nobody is to blame.
constexpr double answer_soon_seconds = 1;
// Shards that a report names.
constexpr std::size_t awaited_max = 8;

} // namespace

void worker_core::ask_to_join(effects& out) const {
  message_builder<messages::JoinTraining> request;
  request->setWorker(index_);
  request->setLife(life_);
  out.emplace_back(send{{address::role::coordinator, 0}, request.finish()});
}

void worker_core::adopt(messages::LeaseSlices::Reader lease) {
  if (lease.getEpoch() != epoch_ || lease.getNumber() <= lease_number_)
    return; // meant another life, or an old one
  if (lease.getPiece() >= lease.getPieces())
    throw protocol_error("the coordinator leased piece " + std::to_string(lease.getPiece()) + " of " +
                         std::to_string(lease.getPieces()) + ": pieces are counted from 0");
  slice_lease told{.slices = {}, .piece = lease.getPiece(), .pieces = lease.getPieces()};
  auto slices = lease.getSlices();
  if (slices.size() >= workers_)
    throw protocol_error("the coordinator leased the slices of " + std::to_string(slices.size()) + " of " +
                         std::to_string(workers_) + " workers");
  for (auto one : slices) {
    if (one.getWorker() >= workers_ || (!told.slices.empty() && one.getWorker() <= told.slices.back().slice))
      throw protocol_error("the coordinator leased the slice of worker " + std::to_string(one.getWorker()) + " of " +
                           std::to_string(workers_) + " out of order");
    told.slices.push_back({one.getWorker(), one.getFrom()});
  }
  lease_ = std::move(told);
  lease_number_ = lease.getNumber();
}

std::vector<std::uint32_t> worker_core::awaited_shards() const {
  auto is_late = [this](double sent) { return now_ - sent >= answer_soon_seconds; };
  std::vector<std::uint32_t> result;
  for (std::uint32_t shard = 0; shard < shards_.size(); ++shard) {
    const auto& open = shards_[shard].open;
    auto owes_answer = [&](const gathered_pull& pull) { return pull.answers[shard].empty() && is_late(pull.sent); };
    if ((!open.empty() && is_late(open.front().sent)) || std::ranges::any_of(pulls_, owes_answer))
      result.push_back(shard);
  }
  return result;
}

void worker_core::report_progress(effects& out) {
  reported_ = true;
  message_builder<messages::WorkerProgress> progress;
  progress->setWorker(index_);
  progress->setEpoch(epoch_);
  progress->setClock(clock_);
  progress->setSamples(sums_.samples);
  progress->setLossSum(sums_.loss_sum);
  progress->setCorrect(sums_.correct);
  progress->setHasNoClasses(!sums_.has_classes);
  progress->setUpdates(updates_);
  progress->setStalenessSum(staleness_sum_);
  progress->setStalenessMax(staleness_max_);
  if (auto awaited = awaited_shards(); !awaited.empty()) {
    auto named = std::min(awaited.size(), awaited_max);
    progress->setAwaits({awaited.data(), named});
    progress->setAwaitsMore(static_cast<std::uint32_t>(awaited.size() - named));
  }
  progress->setLease(lease_number_);
  out.emplace_back(send{{address::role::coordinator, 0}, progress.finish()});
}

} // namespace drover
