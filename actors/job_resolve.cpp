#include "drover/actors/core/consistency_mode.hpp"
#include "drover/actors/job.hpp"
#include "drover/actors/job_value.hpp"

#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace drover {

namespace {

using messages::Compensation;
using messages::Optimizer;

std::string_view view(capnp::Text::Reader text) {
  return {text.begin(), text.size()};
}

double default_learning_rate(Optimizer rule) {
  switch (rule) {
  case Optimizer::SGD:
    return 0.1;
  case Optimizer::MOMENTUM:
  case Optimizer::NESTEROV:
  case Optimizer::ADAGRAD:
    return 0.01;
  case Optimizer::RMSPROP:
  case Optimizer::ADAM:
  case Optimizer::ADAMW:
    break;
  }
  return 0.001;
}

// Lambda where the correction is constant, lambda_0 where it adapts: Zheng et al. 2017.
double default_lambda(Compensation how) {
  return how == Compensation::DC_ASGD_ADAPTIVE ? 2 : 0.04;
}

void check_model(messages::Job::Reader fields) {
  // Which models there are is the registry's to say.
  auto name = view(fields.getModel());
  name = name.substr(0, name.find(':'));
  if (name.empty())
    throw std::invalid_argument("model is without a name: say softmax, or mlp:256,128");
}

void check_consistency(messages::Job::Reader fields) {
  auto mode = consistency_mode::parse(view(fields.getConsistency()));
  if (mode.family != consistency_mode::kind::bsp)
    return;
  if (fields.getCompensation() != Compensation::NONE)
    throw std::invalid_argument(
        "bsp has no staleness to compensate: leave out the compensation, or let the consistency "
        "be ssp:S or asp");
  if (fields.getPrefetch())
    throw std::invalid_argument(
        "bsp lets nobody pull before all have pushed, so there is nothing to prefetch: leave out "
        "prefetch, or let the consistency be ssp:S or asp");
}

bool same_file(capnp::Text::Reader one, capnp::Text::Reader other) {
  if (one.size() == 0 || other.size() == 0)
    return false;
  std::error_code unknown; // a path that cannot be resolved is compared as it is
  auto place = [&unknown](capnp::Text::Reader text) {
    auto path = std::filesystem::absolute(text.cStr());
    auto resolved = std::filesystem::weakly_canonical(path, unknown);
    return unknown ? path.lexically_normal() : resolved;
  };
  return place(one) == place(other);
}

void check_files(messages::Job::Reader fields) {
  if (fields.hasTestData() && fields.getTestData().size() > 0 && fields.getHoldout() > 0)
    throw std::invalid_argument("testData and holdout both say what to test on: leave out one of them");
  // What is written must not take the place of what is read, or of each other.
  const std::pair<const char*, capnp::Text::Reader> files[] = {{"save", fields.getSave()},
                                                               {"metrics", fields.getMetrics()},
                                                               {"data", fields.getData()},
                                                               {"testData", fields.getTestData()}};
  for (std::size_t written = 0; written < 2; ++written)
    for (auto other = written + 1; other < std::size(files); ++other)
      if (same_file(files[written].second, files[other].second))
        throw std::invalid_argument(std::string{files[written].first} + " and " + files[other].first +
                                    " name the same file, " + std::string{view(files[written].second)});
}

} // namespace

job resolve(const job& source) {
  job result{source};
  auto fields = result.edit();
  check_limits(fields);
  check_model(fields);
  check_consistency(fields);
  check_files(fields);
  if (fields.getLearningRate() == 0)
    fields.setLearningRate(default_learning_rate(fields.getOptimizer()));
  if (fields.getCompensationLambda() == 0)
    fields.setCompensationLambda(default_lambda(fields.getCompensation()));
  return result;
}

} // namespace drover
