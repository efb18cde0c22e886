#include "drover/actors/gradient_computer.hpp"

#include "drover/actors/worker_device.hpp"

namespace drover {

gradient_computer::gradient_computer(const std::shared_ptr<const job_context>& context, std::uint32_t worker)
    // As many as can be under way: unacknowledged pushes and the one being computed.
    : gradient_(context, context->what.read().getPushCredits() + 1, make_worker_device(context->what.read(), worker)),
      batches_(context->batches_of(worker)) {}

} // namespace drover
