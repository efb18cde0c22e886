#include "drover/actors/job_objective.hpp"

#include "drover/actors/evaluate.hpp"

#include <cstddef>
#include <utility>

namespace drover {

namespace {

// As many as can be under way: of each worker its unacknowledged pushes and the one being computed.
std::size_t gradients_max(messages::Job::Reader what) {
  return std::size_t{what.getWorkers()} * (what.getPushCredits() + std::size_t{1});
}

} // namespace

job_objective::job_objective(std::shared_ptr<const job_context> context)
    : context_(std::move(context)), gradient_(context_, gradients_max(context_->what.read())),
      batches_(context_->what.read().getWorkers()) {}

listed_batches& job_objective::batches_of(std::uint32_t worker) {
  auto& batches = batches_.at(worker);
  if (!batches)
    batches.emplace(context_->batches_of(worker), context_->plan.layout);
  return *batches;
}

std::vector<row_keys> job_objective::list_rows(std::uint32_t worker, const drover::list_rows& request) {
  return batches_of(worker).list(request.clock, request.lease);
}

gradient_computed job_objective::compute(std::uint32_t worker, const compute_gradient& request) {
  auto& batches = batches_of(worker);
  auto clock = request.clock;
  auto parameters = request.parameters.view();
  return request.rows.empty() ? gradient_.compute(batches.at(clock, request.lease), clock, parameters)
                              : gradient_.compute(batches.take(clock, request.lease), clock, parameters, request.rows);
}

batch_result job_objective::evaluate(const_parameters parameters) {
  return drover::evaluate(gradient_.learned(), *context_->data.test, context_->traits.reads, parameters);
}

} // namespace drover
