#include "drover/actors/core/job_rules.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace drover {

namespace {

std::string_view rule_name(messages::Optimizer optimizer) {
  switch (optimizer) {
  case messages::Optimizer::MOMENTUM:
    return "momentum";
  case messages::Optimizer::NESTEROV:
    return "nesterov";
  case messages::Optimizer::ADAGRAD:
    return "adagrad";
  case messages::Optimizer::RMSPROP:
    return "rmsprop";
  case messages::Optimizer::ADAM:
    return "adam";
  case messages::Optimizer::ADAMW:
    return "adamw";
  case messages::Optimizer::FTRL:
    return "ftrl";
  case messages::Optimizer::SGD:
    break;
  }
  return "sgd";
}

learning_rate_schedule schedule_of(messages::Job::Reader job, std::uint64_t steps, std::uint64_t steps_per_epoch) {
  using kind = learning_rate_schedule::kind;
  auto shape = kind::constant;
  if (job.getSchedule() == messages::Schedule::STEP)
    shape = kind::step;
  else if (job.getSchedule() == messages::Schedule::COSINE)
    shape = kind::cosine;
  auto warmup = std::llround(job.getWarmupEpochs() * static_cast<double>(steps_per_epoch));
  return {.shape = shape,
          .base = job.getLearningRate(),
          .steps = steps,
          .warmup_steps = static_cast<std::uint64_t>(warmup),
          .step_steps = std::max<std::uint64_t>(1, job.getScheduleStepEpochs() * steps_per_epoch),
          .step_factor = job.getScheduleStepFactor(),
          .final_fraction = job.getScheduleFinal()};
}

} // namespace

job_rules job_rules::of(messages::Job::Reader job, std::uint64_t steps, std::uint64_t steps_per_epoch) {
  rule_options options{.momentum = static_cast<float>(job.getMomentum()),
                       .beta1 = static_cast<float>(job.getBeta1()),
                       .beta2 = static_cast<float>(job.getBeta2()),
                       .rmsprop_decay = static_cast<float>(job.getRmspropDecay()),
                       .epsilon = static_cast<float>(job.getEpsilon()),
                       .weight_decay = static_cast<float>(job.getWeightDecay()),
                       .ftrl_beta = static_cast<float>(job.getFtrlBeta()),
                       .l1 = static_cast<float>(job.getL1()),
                       .l2 = static_cast<float>(job.getL2())};
  std::string_view consistency_text{job.getConsistency().begin(), job.getConsistency().size()};
  return {.reads = make_consistency(consistency_mode::parse(consistency_text)),
          .compensate = make_compensation(job.getCompensation(), static_cast<float>(job.getCompensationLambda())),
          .rule = make_update_rule(rule_name(job.getOptimizer()), options),
          .schedule = schedule_of(job, steps, steps_per_epoch),
          .prefetch = job.getPrefetch(),
          .rows_alone = job.getTableConsistency().size() != 0};
}

} // namespace drover
