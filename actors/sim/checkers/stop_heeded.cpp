#include "drover/actors/sim/checkers/stop_heeded.hpp"

#include <algorithm>
#include <string>

namespace drover::sim {

void stop_heeded::on_deliver(nanoseconds, const address& to, const protocol_message& what) {
  if (std::holds_alternative<message<messages::StopTraining>>(what))
    told_.insert(to.index);
  else if (std::holds_alternative<message<messages::StartWorker>>(what))
    told_.erase(to.index); // for a new life, or a repetition: then this knows less than it could
}

void stop_heeded::on_start(nanoseconds, const address& who) {
  told_.erase(who.index);
  asked_.erase(who.index);
}

void stop_heeded::on_send(nanoseconds now, const address& from, const address&, const protocol_message& what) {
  const auto* pull = std::get_if<message<messages::PullParameters>>(&what);
  if (pull == nullptr)
    return;
  auto step = pull->read()->getClock();
  auto& asked = asked_[from.index];
  if (told_.contains(from.index) && step >= asked)
    throw violation("stop heeded", now,
                    to_string(from) + " was told to stop, and asks for step " + std::to_string(step));
  asked = std::max(asked, step + 1);
}

} // namespace drover::sim
