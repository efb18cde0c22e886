#include "drover/actors/evaluator.hpp"

#include "drover/actors/evaluate.hpp"

namespace drover {

evaluator_actor::behavior_type evaluator_behavior(evaluator_actor::stateful_pointer<evaluator_state> self,
                                                  std::shared_ptr<const job_context> context, coordinator_actor owner) {
  compat::set_up(self);
  return {[self, context, owner](const evaluate_parameters& request) {
    try {
      auto& [device, tested] = compat::state(self);
      if (!tested) {
        device = gpu::make_cpu_device();
        tested = context->make_model(*device);
      }
      auto result = evaluate(*tested, *context->data.test, context->traits.reads, request.parameters.view(),
                             [self, &owner] { compat::send(self, owner, evaluation_progressed{}); });
      compat::send(self, owner, evaluated{request.request, result});
    } catch (const std::exception& error) {
      compat::send(self, owner, evaluation_failed{error.what()});
    }
  }};
}

} // namespace drover
