#include "drover/actors/sim/checkers/credits_return.hpp"

#include <algorithm>
#include <ranges>
#include <string>

namespace drover::sim {

void credits_return::on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) {
  if (const auto* push = std::get_if<message<messages::PushGradient>>(&what)) {
    auto view = push->read();
    auto& one = under_way_[{from.index, view->getEpoch(), to.index}];
    one.sent = std::max(one.sent, view->getSequence());
    if (one.sent - one.returned > credits_)
      throw violation("credits", now,
                      to_string(from) + " has " + std::to_string(one.sent - one.returned) + " pushes under way to " +
                          to_string(to) + ", at most " + std::to_string(credits_) + " are allowed");
  } else if (const auto* left = std::get_if<message<messages::WorkerLeft>>(&what)) {
    auto joined = left->read()->getEpoch();
    auto first = under_way_.lower_bound({from.index, joined, 0});
    auto last = under_way_.lower_bound({from.index, joined + 1, 0});
    for (; first != last; ++first)
      if (const auto& [which, one] = *first; one.sent != one.returned)
        throw violation("credits", now,
                        to_string(from) + " leaves before shard " + std::to_string(std::get<2>(which)) +
                            " acknowledged " + std::to_string(one.sent - one.returned) + " of its pushes");
  }
}

void credits_return::on_deliver(nanoseconds, const address& to, const protocol_message& what) {
  if (const auto* applied = std::get_if<message<messages::GradientApplied>>(&what)) {
    auto view = applied->read();
    auto& one = under_way_[{to.index, view->getEpoch(), view->getShard()}];
    one.returned = std::max(one.returned, view->getSequence());
  }
}

} // namespace drover::sim
