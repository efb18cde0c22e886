#include "drover/actors/core/progress_meter.hpp"

#include <algorithm>
#include <utility>

namespace drover {

progress_meter::progress_meter(std::uint32_t workers) {
  for (std::uint32_t worker = 0; worker < workers; ++worker)
    workers_[worker] = {};
}

void progress_meter::take(messages::WorkerProgress::Reader progress) {
  auto found = workers_.find(progress.getWorker());
  if (found == workers_.end())
    return;
  auto& one = found->second;
  if (progress.getEpoch() < one.epoch || (progress.getEpoch() == one.epoch && progress.getClock() < one.now.clock))
    return;
  if (progress.getEpoch() > one.epoch) {
    one.now.clock = 0; // counted by its new life
    former_ += one.now;
    one = {.epoch = progress.getEpoch(), .lost = false, .now = {}};
  }
  one.lost = false;
  one.now = {.clock = progress.getClock(),
             .samples = progress.getSamples(),
             .loss_sum = progress.getLossSum(),
             .correct = progress.getCorrect(),
             .updates = progress.getUpdates(),
             .staleness_sum = progress.getStalenessSum(),
             .staleness_max = progress.getStalenessMax()};
}

void progress_meter::lose(std::uint32_t worker) {
  if (auto found = workers_.find(worker); found != workers_.end())
    found->second.lost = true;
}

std::uint64_t progress_meter::clock_min() const {
  std::optional<std::uint64_t> result;
  for (const auto& [worker, one] : workers_)
    if (!one.lost)
      result = std::min(result.value_or(one.now.clock), one.now.clock);
  return result.value_or(0);
}

std::uint64_t progress_meter::clock_sum() const {
  return total().clock;
}

void progress_meter::sums::operator+=(const sums& other) {
  clock += other.clock;
  samples += other.samples;
  loss_sum += other.loss_sum;
  correct += other.correct;
  updates += other.updates;
  staleness_sum += other.staleness_sum;
  staleness_max = std::max(staleness_max, other.staleness_max);
}

progress_meter::sums progress_meter::total() const {
  auto result = former_;
  for (const auto& [worker, one] : workers_)
    result += one.now;
  return result;
}

batch_result progress_meter::complete_epoch() {
  auto all = total();
  auto before = std::exchange(before_epoch_, {all.loss_sum, all.correct, all.samples});
  return {all.loss_sum - before.loss_sum, all.correct - before.correct, all.samples - before.samples};
}

void progress_meter::fill(messages::Progress::Builder progress, double now, std::uint64_t steps) {
  auto all = total();
  auto samples = static_cast<double>(all.samples - last_.samples);
  auto span = now - last_time_;
  if (samples > 0) {
    last_loss_ = (all.loss_sum - last_.loss_sum) / samples;
    last_accuracy_ = static_cast<double>(all.correct - last_.correct) / samples;
  }
  auto fraction = steps == 0 ? 1.0 : static_cast<double>(all.clock) / static_cast<double>(steps);
  progress.setFraction(fraction);
  progress.setSeconds(now);
  progress.setSecondsLeft(fraction > 0 ? now * (1 - fraction) / fraction : 0);
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

} // namespace drover
