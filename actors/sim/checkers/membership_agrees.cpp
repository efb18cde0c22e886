#include "drover/actors/sim/checkers/membership_agrees.hpp"

#include <string>

namespace drover::sim {

void membership_agrees::on_send(nanoseconds now, const address& from, const address&, const protocol_message& what) {
  const auto* adopted = std::get_if<message<messages::MembershipAdopted>>(&what);
  if (adopted == nullptr)
    return;
  auto view = adopted->read();
  const auto& at = books_.of(from.index);
  auto fail = [&](const std::string& why) {
    throw violation("membership", now, to_string(from) + " in epoch " + std::to_string(view->getEpoch()) + " " + why);
  };
  if (view->getEpoch() != at.epoch)
    fail("although epoch " + std::to_string(at.epoch) + " was the last it was told");
  if (view->getMembers().size() != at.members.size())
    fail("counts " + std::to_string(view->getMembers().size()) + " members instead of " +
         std::to_string(at.members.size()));
  for (auto one : view->getMembers()) {
    auto known = at.members.find(one.getWorker());
    if (known == at.members.end())
      fail("counts worker " + std::to_string(one.getWorker()) + ", which is no member");
    if (known->second.joined != one.getJoined() || known->second.clock != one.getClock())
      fail("has worker " + std::to_string(one.getWorker()) + " at step " + std::to_string(one.getClock()) +
           " of the life that began in epoch " + std::to_string(one.getJoined()) + ", and it is at " +
           std::to_string(known->second.clock) + " of " + std::to_string(known->second.joined));
  }
}

} // namespace drover::sim
