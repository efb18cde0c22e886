#pragma once

#include "drover/actors/core/worker_core.hpp"

#include "tests/core/jobs.hpp"
#include <memory>
#include <optional>
#include <type_traits>

namespace drover::test {

/// A worker with one shard, played by the test.
struct worker_under_test {
  explicit worker_under_test(const small_job& job, std::uint64_t steps = 3)
      : plan(plan_of(job, tensors_of({4, 33}), steps)), core(assignment(), plan.layout) {}

  message<messages::StartWorker> assignment(std::uint64_t epoch = 1, std::uint64_t first = 0,
                                            std::uint64_t life = 0) const {
    message_builder<messages::StartWorker> start;
    start->setJob(*plan.job.read());
    start->setWorker(0);
    start->setEpoch(epoch);
    start->setStepFirst(first);
    start->setLife(life);
    start->setShardOfBlock({plan.shard_of_block.data(), plan.shard_of_block.size()});
    start->setSteps(plan.steps);
    start->setStepsPerEpoch(plan.steps_per_epoch);
    start->setPushCredits(plan.job.read()->getPushCredits());
    return start.finish();
  }

  message<messages::ParametersPulled> parameters(std::uint64_t clock, std::uint64_t version = 0) {
    message_builder<messages::ParametersPulled> answer;
    answer->setEpoch(1);
    answer->setClock(clock);
    answer->setVersion(version);
    auto blocks = answer->initBlocks(2);
    for (unsigned i = 0; i < 2; ++i) {
      blocks[i].setIndex(i);
      blocks[i].adoptValues(answer.refer(values->values().first(plan.layout->blocks()[i].size), values));
    }
    return answer.finish();
  }

  gradient_computed computed(std::uint64_t clock, double loss = 1) { return {clock, {loss, 0, 1}, 0, gradient}; }

  static message<messages::GradientApplied> applied(std::uint64_t sequence, std::uint64_t staleness = 0) {
    message_builder<messages::GradientApplied> answer;
    answer->setEpoch(1);
    answer->setSequence(sequence);
    answer->setStalenessSteps(staleness);
    return answer.finish();
  }

  static message<messages::Dismiss> dismissed(std::uint64_t epoch, bool farewell = false) {
    message_builder<messages::Dismiss> answer;
    answer->setEpoch(epoch);
    answer->setFarewell(farewell);
    return answer.finish();
  }

  training_plan plan;
  worker_core core;
  std::shared_ptr<bulk> values = std::make_shared<bulk>(64);
  std::shared_ptr<bulk> gradient = std::make_shared<bulk>(64);
};

/// The first effect, or message sent, of that type.
template <class T>
std::optional<T> find(const effects& what) {
  for (const auto& one : what) {
    if constexpr (std::is_constructible_v<effect, T> && !std::is_constructible_v<protocol_message, T>) {
      if (const auto* found = std::get_if<T>(&one))
        return *found;
    } else if (const auto* letter = std::get_if<send>(&one)) {
      if (const auto* found = std::get_if<T>(&letter->what))
        return *found;
    }
  }
  return std::nullopt;
}

} // namespace drover::test
