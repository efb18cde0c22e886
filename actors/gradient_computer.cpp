#include "drover/actors/gradient_computer.hpp"

#include "drover/actors/worker_device.hpp"

namespace drover {

gradient_computer::gradient_computer(const std::shared_ptr<const job_context>& context, std::uint32_t worker) {
  auto what = context->what.read();
  if (context->blocks)
    blocks_.emplace(context->data.train, context->blocks, what.getSeed(), worker);
  else
    batches_.emplace(context->batches_of(worker), context->plan.layout);
  if (context->lent)
    in_place_.emplace(context);
  else // as many as can be under way: unacknowledged pushes and the one being computed
    gradient_.emplace(context, what.getPushCredits() + 1, make_worker_device(what, worker));
}

} // namespace drover
