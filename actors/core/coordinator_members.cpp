#include "drover/actors/core/assignments.hpp"
#include "drover/actors/core/coordinator_core.hpp"
#include "drover/actors/core/protocol_error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

// Who is a member, and what is said again until it is answered.

namespace drover {

effects coordinator_core::handle(const message<messages::JoinTraining>& request, double now) {
  return guarded(now, [this, &request, now](effects& out) {
    auto worker = request.read()->getWorker();
    auto life = request.read()->getLife();
    if (worker >= plan_.job.read()->getWorkers() || !members_.may_join(worker, life))
      return; // of a life that is over
    const auto* known = members_.find(worker);
    if (stage_ != stage::training || stopping_) {
      dismiss(worker, 0, out);
      members_.leave(worker);
      change_members(now, out);
      return close_if_left(now, out);
    }
    if (known == nullptr || known->life != life) {
      if (known != nullptr) {
        ++lost_;
        note(now, to_string(worker_address(worker)) + " begins anew");
      }
      homeless_.erase(worker);
      leases_.keep(worker);
      members_.join(worker, life, meter_.clock_min(), now);
      return change_members(now, out);
    }
    members_.hear(worker, now);
    if (known->started) // it did not hear so
      out.emplace_back(send{worker_address(worker), assign_worker(plan_, members_, worker)});
  });
}

effects coordinator_core::handle(const message<messages::MembershipAdopted>& adopted, double now) {
  return guarded(now, [this, &adopted, now](effects& out) {
    members_.adopt(*adopted.read());
    start_ready(now, out);
  });
}

void coordinator_core::start_ready(double now, effects& out) {
  for (auto worker : members_.take_ready()) {
    ++joined_;
    note(now, to_string(worker_address(worker)) + " joins at step " + std::to_string(members_.find(worker)->clock));
    auto assignment = assign_worker(plan_, members_, worker);
    if (not_spawned_.erase(worker) == 0) {
      out.emplace_back(send{worker_address(worker), assignment});
      if (leases_.number() != 0)
        out.emplace_back(send{worker_address(worker), leases_.lease_of(worker, members_)});
    } else {
      members_.expect(worker, now);
      meter_.begin(members_.find(worker)->clock);
      out.emplace_back(spawn_worker{worker, assignment});
    }
  }
  change_members(now, out);
}

void coordinator_core::change_members(double now, effects& out) {
  if (!members_.begin_epoch())
    return;
  change_repeat_ = {now, answer_wait_seconds};
  change_ = change_to(members_);
  tell_shards(change_, out);
  if (leases_.renew(members_.epoch()))
    for (const auto& [worker, ignored] : members_.members())
      out.emplace_back(send{worker_address(worker), leases_.lease_of(worker, members_)});
}

effects coordinator_core::handle(const message<messages::WorkerLeft>& left, double now) {
  return guarded(now, [this, &left, now](effects& out) {
    auto view = left.read();
    dismiss(view->getWorker(), view->getEpoch(), out, true);
    // One that was taken for dead may have done its work all the same, and needs no place any more.
    homeless_.erase(view->getWorker());
    auto counts = members_.counts(view->getWorker(), view->getEpoch());
    auto is_done = view->getClock() >= plan_.steps;
    if (is_done)
      leases_.keep(view->getWorker());
    anyone_done_ = anyone_done_ || counts || is_done;
    // It may have asked to join again before it heard that it had been let in: that is nobody's wish any more.
    const auto* joining = members_.find(view->getWorker());
    if (counts || (is_done && joining != nullptr && !joining->started)) {
      members_.leave(view->getWorker());
      change_members(now, out);
    }
    close_if_left(now, out);
  });
}

void coordinator_core::take_over(double now, effects& out) {
  constexpr auto epoch_max = std::uint64_t{1} << 63; // nobody counts so far
  taking_over_ = false;
  std::uint64_t epoch = 0;
  auto clock_min = plan_.steps;
  for (const auto& [shard, report] : reports_) {
    if (report.read()->getMembershipEpoch() > epoch_max)
      throw protocol_error("shard " + std::to_string(shard) + " says that it is in membership epoch " +
                           std::to_string(report.read()->getMembershipEpoch()));
    epoch = std::max(epoch, report.read()->getMembershipEpoch());
    clock_min = std::min(clock_min, report.read()->getClockMin());
  }
  epochs_completed_ = static_cast<std::uint32_t>(clock_min / plan_.steps_per_epoch);
  note(now, "another coordinator takes over");
  // Together: one that joined later would begin where the others are by then, not where it was.
  members_ = membership::after(epoch, plan_.job.read()->getWorkers(), plan_.job.read()->getShards());
  members_.look(now);
  for (const auto& [worker, ignored] : members_.members())
    not_spawned_.insert(worker);
  change_members(now, out);
  take_snapshot(now, out);
}

void coordinator_core::lose_worker(std::uint32_t worker, const std::string& why, double now, effects& out) {
  if (!members_.remove(worker))
    return;
  ++lost_;
  note(now, to_string(worker_address(worker)) + " is lost: " + why);
  give_up_place(worker, now, out);
}

void coordinator_core::look_for_silent(double now, effects& out) {
  members_.look(now);
  if (copies_shards())
    for (const auto& [worker, ignored] : members_.members())
      members_.hear(worker, now);
  for (auto worker : members_.slow(now, slow_seconds))
    if (slow_.insert(worker).second)
      note(now, to_string(worker_address(worker)) + " is slow: it was never silent for so long");
  for (auto worker : members_.silent(now, silence_seconds())) {
    if (replaces_workers())
      members_.hear(worker, now); // its replacement is given as much time, at least
    lose_worker(worker, "nothing was heard of it", now, out);
  }
}

effects coordinator_core::handle(const worker_moves& move, double now) {
  effects out;
  if (!looks_for_places())
    return out;
  if (auto homeless = homeless_.find(move.worker);
      homeless != homeless_.end() && std::isfinite(homeless->second.look_again)) {
    homeless->second.look_again = now; // on its way to a place that is none any more
    look_for_places(now, out);
    return out;
  }
  if (!members_.remove(move.worker))
    return out;
  ++moved_;
  note(now, to_string(worker_address(move.worker)) + " moves");
  give_up_place(move.worker, now, out);
  return out;
}

effects coordinator_core::handle(const noted& what, double now) {
  if (stage_ != stage::finished)
    note(now, what.sentence);
  return {};
}

void coordinator_core::note(double now, std::string sentence) {
  constexpr std::size_t happenings_max = 1000;
  if (happenings_.size() == happenings_max)
    ++happenings_more_;
  else
    happenings_.push_back({now, std::move(sentence)});
}

void coordinator_core::give_up_place(std::uint32_t worker, double now, effects& out) {
  leases_.lose(worker, meter_.clock_of(worker));
  meter_.lose(worker);
  slow_.erase(worker);
  if (replaces_workers())
    homeless_[worker] = {.since = now, .look_again = now};
  change_members(now, out);
  close_if_left(now, out);
  look_for_places(now, out);
}

void coordinator_core::look_for_places(double now, effects& out) {
  std::erase_if(homeless_, [this](const auto& one) { return members_.find(one.first) != nullptr; });
  if (!looks_for_places())
    return;
  for (auto& [worker, one] : homeless_)
    if (now >= one.look_again) {
      one.look_again = std::numeric_limits<double>::infinity();
      out.emplace_back(find_place{worker});
    }
}

effects coordinator_core::handle(const place_found& place, double now) {
  effects out;
  auto homeless = homeless_.find(place.worker);
  if (!looks_for_places() || homeless == homeless_.end() || members_.find(place.worker) != nullptr)
    return out; // it came back by itself
  homeless->second.look_again = now + place_wait_seconds;
  out.emplace_back(start_replacement{place.worker, members_.replace(place.worker)});
  return out;
}

effects coordinator_core::handle(const place_missing& place, double now) {
  if (auto homeless = homeless_.find(place.worker); homeless != homeless_.end())
    homeless->second.look_again = now + answer_wait_seconds;
  return {};
}

// Where all were lost before any was done, one may come back: if none does, that is a stall.
void coordinator_core::close_if_left(double now, effects& out) {
  if (stage_ != stage::training || !members_.empty())
    return;
  auto may_come = [now](const auto& one) { return now < one.second.since + place_wait_seconds; };
  if (stopping_ || (anyone_done_ && std::ranges::none_of(homeless_, may_come)))
    close(now, out);
}

double coordinator_core::silence_seconds() const {
  auto seconds = plan_.job.read()->getSilenceSeconds();
  return seconds > 0 ? seconds : std::numeric_limits<double>::infinity();
}

void coordinator_core::dismiss(std::uint32_t worker, std::uint64_t epoch, effects& out, bool farewell) const {
  if (worker >= plan_.job.read()->getWorkers())
    return;
  message_builder<messages::Dismiss> dismissal;
  dismissal->setEpoch(epoch);
  dismissal->setFarewell(farewell);
  out.emplace_back(send{worker_address(worker), dismissal.finish()});
}

void coordinator_core::repeat_unanswered(double now, effects& out) {
  if (!members_.behind().empty() && change_repeat_.due(now)) {
    for (auto shard : members_.behind())
      out.emplace_back(send{shard_address(shard), change_});
  }
  if (gathering_ && snapshot_repeat_.due(now)) {
    message_builder<messages::TakeSnapshot> request;
    request->setRequest(requests_);
    auto what = request.finish();
    for (auto shard : gathering_->missing())
      out.emplace_back(send{shard_address(shard), what});
  }
  if ((stage_ == stage::closing || taking_over_) && !reports_missing_.empty() && report_repeat_.due(now)) {
    auto what = message_builder<messages::TakeReport>{}.finish();
    for (auto shard : reports_missing_)
      out.emplace_back(send{shard_address(shard), what});
  }
  if (stopping_ || stage_ == stage::closing)
    tell_workers_to_stop(out);
}

} // namespace drover
