#include "tests/core/world.hpp"

#include "drover/actors/core/overload.hpp"

#include <algorithm>
#include <stdexcept>

namespace drover::test {

namespace {

template <class Core, class Event>
concept takes = requires(Core& core, const Event& event) {
  core.handle(event);
};

} // namespace

world::world(training_plan plan, gradient_function gradient, std::uint64_t seed)
    : plan_(std::move(plan)), gradient_(std::move(gradient)), random_(seed), device_(gpu::make_cpu_device()),
      coordinator_(plan_) {}

bool world::run() {
  if (workers_.empty())
    perform({}, coordinator_.start(now_));
  while (!finished_ && step())
    if (watched.on_clocks) {
      std::vector<std::uint64_t> clocks;
      for (const auto& [index, worker] : workers_)
        clocks.push_back(worker->clock());
      watched.on_clocks(clocks);
    }
  return finished_.has_value();
}

bool world::fire_timers(double seconds) {
  now_ += seconds;
  for (const auto& timer : std::exchange(timers_, {}))
    perform({}, coordinator_.handle(timer_fired{timer.id}, now_));
  return run();
}

bool world::step() {
  auto is_frozen = [this](std::uint32_t worker) { return std::ranges::find(frozen_, worker) != frozen_.end(); };
  std::vector<std::function<void()>> possible;
  for (auto& [where, queue] : channels_)
    if (!queue.empty() && !(where.to.kind == address::role::worker && is_frozen(where.to.index)))
      possible.emplace_back([this, &where = where, &queue = queue] {
        auto what = queue.front();
        std::bernoulli_distribution twice{duplicates};
        auto between = where.from.kind != address::role::coordinator && where.to.kind != address::role::coordinator;
        if (!(between && twice(random_)))
          queue.pop_front();
        deliver(where, what);
      });
  for (const auto& [worker, request] : computations_)
    if (!is_frozen(worker))
      possible.emplace_back([this, worker = worker] { compute(worker); });
  if (!evaluations_.empty())
    possible.emplace_back([this] {
      auto request = evaluations_.front();
      evaluations_.pop_front();
      perform({}, coordinator_.handle(evaluated{request.request, {1.0, 1, 1}}, now_));
    });
  for (auto& [shard, core] : shards_)
    if (copies_.contains(shard) || std::bernoulli_distribution{moves}(random_))
      possible.emplace_back([this, shard = shard] { move(shard); });
  if (possible.empty())
    return false;
  now_ += 1e-3;
  possible[random_() % possible.size()]();
  return true;
}

void world::compute(std::uint32_t worker) {
  auto request = std::move(computations_.extract(worker).mapped());
  auto memory = std::make_shared<bulk>(plan_.layout->flat_size());
  gradient_(worker, request.clock, request.parameters.view(), memory->values());
  perform({address::role::worker, worker},
          workers_.at(worker)->handle(gradient_computed{request.clock, {1.0, 0, 1}, 0, memory}, now_));
}

// All that is copied goes through messages, as between processes.
void world::move(std::uint32_t shard) {
  if (!copies_.contains(shard))
    return perform({}, coordinator_.handle(shard_moves{shard}, now_));
  auto assignment = copies_.extract(shard).mapped();
  if (random_() % 3 == 0)
    return perform({}, coordinator_.handle(shard_not_copied{shard, "of chance"}, now_));
  const auto& former = *shards_.at(shard);
  auto next = std::make_unique<shard_core>(assignment, plan_.layout, *device_);
  next->restore(former.state());
  while (auto first = next->missing_value())
    next->restore(former.values(*first));
  perform({}, coordinator_.handle(shard_copied{shard}, now_));
  next->thaw();
  shards_.at(shard) = std::move(next);
  perform({}, coordinator_.handle(shard_replaced{shard}, now_));
}

void world::deliver(const channel& where, const protocol_message& what) {
  std::visit(
      [this, &where]<class T>(const message<T>& body) {
        if (where.to.kind == address::role::coordinator) {
          if constexpr (requires { coordinator_.handle(body, now_); })
            return perform(where.to, coordinator_.handle(body, now_));
        } else if (where.to.kind == address::role::shard) {
          if constexpr (takes<shard_core, message<T>>)
            return perform(where.to, shards_.at(where.to.index)->handle(body));
        } else {
          if constexpr (requires { workers_.at(0)->handle(body, now_); })
            return perform(where.to, workers_.at(where.to.index)->handle(body, now_));
        }
        throw std::logic_error(to_string(where.to) + " was sent what it does not understand");
      },
      what);
}

void world::perform(const address& by, effects&& what) {
  for (auto& one : what)
    std::visit(overload{
                   [this, &by](send& letter) {
                     if (auto* answer = std::get_if<message<messages::ParametersPulled>>(&letter.what)) {
                       if (watched.on_read)
                         watched.on_read(by.index, letter.to.index, *answer->read(), applied_[by.index]);
                     } else if (auto* applied = std::get_if<message<messages::GradientApplied>>(&letter.what)) {
                       auto& counts = applied_.at(by.index);
                       counts.at(letter.to.index) =
                           std::max(counts.at(letter.to.index), applied->read()->getSequence());
                       if (watched.on_applied)
                         watched.on_applied(letter.to.index, *applied->read());
                     }
                     channels_[{by, letter.to}].push_back(std::move(letter.what));
                   },
                   [this, &by](compute_gradient& request) {
                     computations_.emplace(by.index, std::move(request));
                     if (watched.on_work)
                       watched.on_work(computations_);
                   },
                   [this](spawn_shard& wanted) {
                     applied_[wanted.index].resize(plan_.job.read()->getWorkers());
                     shards_[wanted.index] = std::make_unique<shard_core>(wanted.assignment, plan_.layout, *device_);
                   },
                   [this](spawn_worker& wanted) {
                     auto& worker = workers_[wanted.index] =
                         std::make_unique<worker_core>(wanted.assignment, plan_.layout);
                     perform({address::role::worker, wanted.index}, worker->start(now_));
                   },
                   [this](evaluate_parameters& request) { evaluations_.push_back(std::move(request)); },
                   [](notify&) {},
                   [this, &by](set_timer& timer) {
                     if (by.kind == address::role::coordinator)
                       timers_.push_back(timer);
                   },
                   [this](finish_job& result) { finished_ = std::move(result); },
                   [](list_rows&) { throw std::logic_error("nothing has tables here"); },
                   [](leave&) {},
                   [](find_place&) {},
                   [](start_replacement&) {},
                   [this](copy_shard& wanted) {
                     shards_.at(wanted.shard)->freeze();
                     copies_.emplace(wanted.shard, wanted.assignment);
                   },
                   [](replace_shard&) {},
                   [this](thaw_shard& wanted) { shards_.at(wanted.shard)->thaw(); },
                   [this](tell_place& wanted) {
                     for (auto& [worker, core] : workers_)
                       perform({address::role::worker, worker}, core->handle(shard_moved{wanted.shard}, now_));
                   },
               },
               one);
}

std::vector<float> world::parameters() const {
  std::vector<float> result;
  for (std::size_t i = 0; i < plan_.layout->blocks().size(); ++i) {
    auto block = finished_->parameters->view().block(i);
    result.insert(result.end(), block.begin(), block.end());
  }
  return result;
}

} // namespace drover::test
