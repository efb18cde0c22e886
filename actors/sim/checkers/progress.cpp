#include "drover/actors/sim/checkers/progress.hpp"

#include <algorithm>
#include <string>

namespace drover::sim {

progress::progress(const hunted_world& drawn)
    : stop_(drawn.stop), last_(drawn.faults_end),
      end_(drawn.stop ? later(std::max(*drawn.stop, last_), drawn.deadline) : end_of_time), deadline_(drawn.deadline) {}

void progress::on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) {
  if (const auto* applied = std::get_if<message<messages::GradientApplied>>(&what)) {
    auto view = applied->read();
    auto& last = applied_[{from.index, to.index, view->getEpoch()}];
    if (view->getSequence() > last) {
      last = view->getSequence();
      last_ = std::max(last_, now);
    }
  }
}

// Whoever takes over was not asked.
void progress::on_start(nanoseconds now, const address& who) {
  if (who.kind == address::role::coordinator && stop_ && *stop_ < now)
    end_ = end_of_time;
}

void progress::on_handled(nanoseconds now, const address&) {
  if (now > later(last_, deadline_))
    throw no_progress("progress", now,
                      "nothing was applied for " + std::to_string((now - last_) / 1'000'000'000) +
                          " s although everybody can talk");
  if (now > end_)
    throw no_progress("progress", now, "the job was asked to end, and goes on");
}

} // namespace drover::sim
