#include "drover/actors/sim/checkers/read_rule.hpp"

#include <string>

namespace drover::sim {

void read_rule::on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) {
  const auto* answer = std::get_if<message<messages::ParametersPulled>>(&what);
  if (answer == nullptr)
    return;
  auto view = answer->read();
  const auto& at = books_.of(from.index);
  auto fail = [&](const std::string& why) {
    throw violation("read rule", now,
                    to_string(from) + " lets " + to_string(to) + " read for step " + std::to_string(view->getClock()) +
                        " " + why);
  };
  auto reader = at.members.find(to.index);
  if (reader == at.members.end() || reader->second.joined != view->getEpoch())
    fail("although it is no member in this life");
  auto needed = books_.rule().clock_needed(view->getClock());
  if (at.clock_min() < needed)
    fail("although a member has completed " + std::to_string(at.clock_min()) + " steps and must have " +
         std::to_string(needed));
  if (reader->second.clock + (books_.prefetch() ? 1 : 0) < view->getClock())
    fail("without its own updates: it has completed " + std::to_string(reader->second.clock) + " steps");
  auto version = at.version;
  if (books_.repeats_answers())
    version =
        first_versions_.try_emplace({from.index, to.index, view->getEpoch(), view->getClock()}, version).first->second;
  if (view->getVersion() != version)
    fail("version " + std::to_string(view->getVersion()) + " instead of " + std::to_string(version));
}

} // namespace drover::sim
