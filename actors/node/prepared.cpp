#include "drover/actors/node/prepared.hpp"

namespace drover {

namespace {

std::string data_text(std::uint64_t samples, std::uint64_t features, std::uint64_t classes) {
  return std::to_string(samples) + " samples of " + std::to_string(features) + " features and " +
         std::to_string(classes) + " classes";
}

} // namespace

message<messages::JobPrepared> describe(const job_context& context) {
  message_builder<messages::JobPrepared> result;
  const auto& shape = context.data.train->shape();
  result->setSamples(context.data.train->size());
  result->setFeatures(shape.features);
  result->setClasses(shape.classes);
  result->setParameters(context.plan.whole->flat_size());
  return result.finish();
}

std::string mismatch(messages::JobPrepared::Reader found, const job_context& trainer) {
  const auto& shape = trainer.data.train->shape();
  auto its = data_text(found.getSamples(), found.getFeatures(), found.getClasses());
  auto ours = data_text(trainer.data.train->size(), shape.features, shape.classes);
  if (its != ours)
    return "its data have " + its + ", the trainer's " + ours;
  if (found.getParameters() != trainer.plan.whole->flat_size())
    return "its model has " + std::to_string(found.getParameters()) + " parameters, the trainer's " +
           std::to_string(trainer.plan.whole->flat_size());
  return {};
}

} // namespace drover
