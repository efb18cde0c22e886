#include "drover/actors/core/progress_meter.hpp"

#include <algorithm>
#include <utility>

namespace drover {

namespace {

// As many as a worker names; what a broken one says beyond is not kept.
constexpr unsigned awaited_named_max = 8;

} // namespace

progress_meter::progress_meter(std::uint32_t workers) {
  for (std::uint32_t worker = 0; worker < workers; ++worker) {
    workers_[worker] = {};
    clocks_.join(worker, 0);
  }
}

void progress_meter::take(messages::WorkerProgress::Reader progress) {
  auto found = workers_.find(progress.getWorker());
  if (found == workers_.end())
    return;
  auto& one = found->second;
  if (progress.getEpoch() < one.epoch || (progress.getEpoch() == one.epoch && progress.getClock() < one.now.clock))
    return;
  if (progress.getEpoch() > one.epoch) {
    total_.clock -= one.now.clock; // its new life counts them
    one = {.epoch = progress.getEpoch(), .now = {}, .awaited = {}};
  }
  sums told{.clock = progress.getClock(),
            .samples = progress.getSamples(),
            .loss_sum = progress.getLossSum(),
            .correct = progress.getCorrect(),
            .updates = progress.getUpdates(),
            .staleness_sum = progress.getStalenessSum(),
            .staleness_max = progress.getStalenessMax(),
            .has_classes = !progress.getHasNoClasses()};
  total_.replace(one.now, told);
  one.now = told;
  one.awaited = {.named = {}, .more = progress.getAwaitsMore()};
  auto awaited = progress.getAwaits();
  for (unsigned i = 0; i < std::min(awaited.size(), awaited_named_max); ++i)
    one.awaited.named.push_back(awaited[i]);
  clocks_.join(progress.getWorker(), told.clock);
}

void progress_meter::lose(std::uint32_t worker) {
  clocks_.retire(worker);
}

std::vector<std::uint32_t> progress_meter::lost() const {
  std::vector<std::uint32_t> result;
  for (const auto& [worker, ignored] : workers_)
    if (!clocks_.has(worker))
      result.push_back(worker);
  return result;
}

void progress_meter::sums::replace(const sums& before, const sums& now) {
  clock += now.clock - before.clock;
  samples += now.samples - before.samples;
  loss_sum += now.loss_sum - before.loss_sum;
  correct += now.correct - before.correct;
  updates += now.updates - before.updates;
  staleness_sum += now.staleness_sum - before.staleness_sum;
  staleness_max = std::max(staleness_max, now.staleness_max);
  has_classes = has_classes && now.has_classes;
}

batch_result progress_meter::complete_epoch() {
  const auto& all = total_;
  auto before = std::exchange(before_epoch_, {all.loss_sum, all.correct, all.samples});
  return {all.loss_sum - before.loss_sum, all.correct - before.correct, all.samples - before.samples, all.has_classes};
}

void progress_meter::fill(messages::Progress::Builder progress, double now, std::uint64_t steps) {
  const auto& all = total_;
  auto samples = static_cast<double>(all.samples - last_.samples);
  auto span = now - last_time_;
  if (samples > 0) {
    batch_result since{all.loss_sum - last_.loss_sum, all.correct - last_.correct, all.samples - last_.samples,
                       all.has_classes};
    last_loss_ = since.mean_loss();
    last_accuracy_ = since.accuracy();
  }
  auto fraction = steps == 0 ? 1.0 : static_cast<double>(all.clock) / static_cast<double>(steps);
  progress.setFraction(fraction);
  progress.setSeconds(now);
  auto done_since = fraction - (steps == 0 ? 0.0 : static_cast<double>(begun_) / static_cast<double>(steps));
  progress.setSecondsLeft(done_since > 0 ? now * (1 - fraction) / done_since : 0);
  progress.setSamples(all.samples);
  progress.setSamplesPerSecond(span > 0 ? samples / span : 0);
  progress.setLoss(last_loss_);
  progress.setAccuracy(last_accuracy_);
  progress.setStalenessMean(
      all.updates == 0 ? 0 : static_cast<double>(all.staleness_sum) / static_cast<double>(all.updates));
  progress.setStalenessMax(all.staleness_max);
  last_ = all;
  last_time_ = now;
}

std::uint64_t progress_meter::clock_of(std::uint32_t worker) const {
  auto found = workers_.find(worker);
  return found == workers_.end() ? 0 : found->second.now.clock;
}

} // namespace drover
