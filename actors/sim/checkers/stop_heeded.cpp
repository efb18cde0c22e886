#include "drover/actors/sim/checkers/stop_heeded.hpp"

#include <algorithm>
#include <string>

namespace drover::sim {

void stop_heeded::on_deliver(nanoseconds, const address& to, const protocol_message& what) {
  if (std::holds_alternative<message<messages::StopTraining>>(what) && sent_.contains(to.index))
    told_.insert(to.index);
  else if (std::holds_alternative<message<messages::StartWorker>>(what))
    told_.erase(to.index); // for a new life, or a repetition: then this knows less than it could
}

void stop_heeded::on_start(nanoseconds, const address& who) {
  if (who.kind == address::role::coordinator)
    return sent_.clear(); // what comes late is for processes that the one before told
  told_.erase(who.index);
  asked_.erase(who.index);
  // At first it begins with the first epoch, untold.
  auto [assigned, is_first] = assigned_.try_emplace(who.index, 1);
  over_[who.index] = is_first ? 0 : assigned->second;
}

void stop_heeded::on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) {
  if (std::holds_alternative<message<messages::StopTraining>>(what))
    sent_.insert(to.index);
  if (const auto* assignment = std::get_if<message<messages::StartWorker>>(&what))
    assigned_[to.index] = assignment->read()->getEpoch();
  const auto* pull = std::get_if<message<messages::PullParameters>>(&what);
  if (pull == nullptr)
    return;
  // Who takes over tells no life to begin, but spawns workers that have.
  auto& assigned = assigned_[from.index];
  assigned = std::max(assigned, pull->read()->getEpoch());
  if (pull->read()->getEpoch() <= over_[from.index])
    return;
  auto step = pull->read()->getClock();
  auto& asked = asked_[from.index];
  if (told_.contains(from.index) && step >= asked)
    throw violation("stop heeded", now,
                    to_string(from) + " was told to stop, and asks for step " + std::to_string(step));
  asked = std::max(asked, step + 1);
}

} // namespace drover::sim
