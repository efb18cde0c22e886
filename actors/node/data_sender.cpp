#include "drover/actors/node/data_sender.hpp"

#include "drover/actors/node/credentials.hpp"
#include "drover/actors/node/data_slice.hpp"
#include "drover/actors/node/network.hpp"

#include <exception>
#include <utility>

namespace drover {

data_sender_actor::behavior_type data_sender_behavior(data_sender_actor::stateful_pointer<data_sender_state> self,
                                                      std::shared_ptr<const job_context> job, std::string token) {
  compat::set_up(self);
  auto& state = compat::state(self);
  state = {std::move(job), std::move(token)};
  return {[&state](const ask_data& request) -> caf::result<message<messages::DataSlice>> {
    if (!same_token(request.token, state.token))
      return refusal("the token is not this job's");
    try {
      return slice_of(*state.job->data.train, request.first);
    } catch (const std::exception& error) {
      return refusal(error.what());
    }
  }};
}

} // namespace drover
