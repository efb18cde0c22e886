#include "tests/bench/one_shard.hpp"

#include "drover/actors/member.hpp"
#include "drover/models/data/dense_dataset.hpp"
#include "drover/models/random.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <future>
#include <set>
#include <span>
#include <stdexcept>

namespace drover::bench {

namespace {

constexpr std::chrono::seconds patience{60};

// A model of one tensor, for its layout alone.
class one_tensor final : public model {
public:
  explicit one_tensor(held_values held) : held_(held) {}
  std::vector<tensor_spec> tensors() const override {
    if (held_.rows == 0)
      return {{.name = "weight", .shape = {held_.floats}, .init = {}}};
    return {{.name = "weight", .shape = {held_.rows, held_.floats}, .init = {}, .rows_of = row_owner::feature}};
  }
  std::size_t outputs() const override { return 2; }
  batch_result gradient(const batch&, const_parameters, mutable_parameters) override { return {}; }
  batch_result evaluate(const batch&, const_parameters) override { return {}; }
  void predict(const batch&, const_parameters, std::span<float>) override {}

private:
  held_values held_;
};

std::shared_ptr<const job_context> context_of(held_values held) {
  job what;
  what->setModel("one-tensor");
  what->setBatchSize(1);
  what->setConsistency("asp");
  what->setWorkers(1);
  what->setLearningRate(1e-6f);
  what->setPushCredits(window_max);
  if (held.rows != 0)
    what->setTables(messages::Tables::SPARSE);
  auto models = standard_models();
  models.add("one-tensor", [held](const model_request&) { return std::make_unique<one_tensor>(held); });
  auto data = std::make_shared<dense_dataset>(data_shape{.features = 1, .classes = 2}, std::vector<float>{0},
                                              std::vector<std::uint32_t>{0});
  return job_context::make(what, std::move(models), {data, data});
}

message<messages::HostShard> assignment_of(const job_context& context) {
  message_builder<messages::HostShard> assignment;
  assignment->setJob(context.what.read());
  if (context.plan.layout->tables().empty())
    assignment->setBlocks({0});
  assignment->setStepsPerWorker(context.plan.steps);
  assignment->setStepsPerEpoch(context.plan.steps_per_epoch);
  auto membership = assignment->initMembership();
  membership.setEpoch(1);
  // A second member, who never comes: the staleness of a lone worker's pushes would be bounded.
  auto members = membership.initMembers(2);
  members[1].setWorker(1);
  for (auto member : members)
    member.setJoined(1);
  return assignment.finish();
}

// Of requests whose keys differ.
constexpr std::size_t key_lists_count = 32;

std::vector<signed_keys> draw_keys(held_values held) {
  std::vector<signed_keys> result;
  random_sequence random{7};
  for (std::size_t i = 0; held.rows != 0 && i < key_lists_count; ++i) {
    std::set<std::uint64_t> drawn;
    while (drawn.size() < held.asked)
      drawn.insert(random.below(held.rows));
    auto keys = std::make_shared<const std::vector<std::uint64_t>>(drawn.begin(), drawn.end());
    result.push_back({keys, signature_of(*keys)});
  }
  return result;
}

// Those of request `number`: one list, or none where there is no table.
std::span<const signed_keys> keys_of(std::span<const signed_keys> lists, std::uint64_t number) {
  return lists.empty() ? lists : lists.subspan(number % lists.size(), 1);
}

message<messages::PullParameters> pull_after(std::uint64_t pushed, std::span<const signed_keys> keys) {
  message_builder<messages::PullParameters> request;
  request->setEpoch(1);
  request->setClock(pushed);
  if (!keys.empty())
    put_keys(keys, {}, request);
  return request.finish();
}

message<messages::PushGradient> push_after(std::uint64_t pushed, const shared_bulk& gradient,
                                           std::span<const signed_keys> keys) {
  message_builder<messages::PushGradient> request;
  request->setEpoch(1);
  request->setSequence(pushed + 1);
  request->setClock(pushed);
  if (keys.empty()) {
    request->initBlocks(1)[0].adoptValues(request.refer(gradient->values(), gradient));
  } else {
    put_keys(keys, {}, request);
    put_rows({&gradient, 1}, request);
  }
  return request.finish();
}

struct echo_state {
  worker_actor asks;
};

template <class Handle, class T>
bool carried(const std::shared_ptr<bulk_carrier>& carrier, const Handle& to, const message<T>& what) {
  return carrier && carrier->carry(caf::actor_cast<caf::strong_actor_ptr>(to), what);
}

shard_actor::behavior_type echo(shard_actor::stateful_pointer<echo_state> self,
                                const std::shared_ptr<bulk_carrier>& carrier) {
  auto parameters = message_builder<messages::ParametersPulled>{}.finish();
  auto applied = message_builder<messages::GradientApplied>{}.finish();
  return {
      [self, parameters](const message<messages::PullParameters>&) {
        auto& asks = compat::state(self).asks;
        asks = caf::actor_cast<worker_actor>(self->current_sender());
        compat::send(self, asks, parameters);
      },
      [self, carrier, applied](const message<messages::PushGradient>&) {
        if (const auto& asks = compat::state(self).asks; !carried(carrier, asks, applied))
          compat::send(self, asks, applied);
      },
      [](const message<messages::ChangeMembership>&) {},
      [](const message<messages::TakeSnapshot>&) {},
      [](const message<messages::TakeReport>&) {},
  };
}

struct task {
  shard_actor shard;
  std::shared_ptr<bulk_carrier> carrier;
  shared_bulk gradient; ///< nothing: it pulls
  std::span<const signed_keys> keys;
  std::uint64_t pushed; ///< before
  std::uint64_t count;
  std::uint64_t window;
  std::shared_ptr<std::promise<double>> seconds;
};

struct client_state {
  std::chrono::steady_clock::time_point begun;
  bool is_known = false; ///< to the shard
  std::uint64_t sent = 0;
  std::uint64_t answered = 0;
  volatile float seen = 0;
};

using client_pointer = worker_actor::stateful_pointer<client_state>;

template <class T>
void ask_by(client_pointer self, const task& what, const message<T>& request) {
  if (carried(what.carrier, what.shard, request))
    return;
  if (what.carrier)
    throw std::runtime_error("the connection for parameters and gradients is lost");
  compat::send(self, what.shard, request);
}

void ask(client_pointer self, const task& what) {
  auto number = what.pushed + compat::state(self).sent++;
  if (what.gradient)
    ask_by(self, what, push_after(number, what.gradient, keys_of(what.keys, number)));
  else
    ask_by(self, what, pull_after(what.pushed, keys_of(what.keys, number)));
}

void take_answer(client_pointer self, const task& what) {
  auto& state = compat::state(self);
  if (!std::exchange(state.is_known, true)) {
    state.begun = std::chrono::steady_clock::now();
    while (state.sent < what.window)
      ask(self, what);
  } else if (++state.answered == what.count) {
    what.seconds->set_value(std::chrono::duration<double>(std::chrono::steady_clock::now() - state.begun).count());
    self->quit();
  } else if (state.sent < what.count) {
    ask(self, what);
  }
}

// A worker would read all of them; here only that they are there.
void look_at(client_state& state, const message<messages::ParametersPulled>& answer) {
  auto view = answer.read();
  auto look = [&state](capnp::Data::Reader values) {
    float ends[2];
    std::memcpy(&ends[0], values.begin(), sizeof(float));
    std::memcpy(&ends[1], values.end() - sizeof(float), sizeof(float));
    state.seen = state.seen + ends[0] + ends[1];
  };
  for (auto block : view->getBlocks())
    look(block.getValues());
  for (auto rows : view->getRows())
    look(rows);
}

worker_actor::behavior_type client(client_pointer self, const task& what) {
  compat::set_up(self);
  // A shard knows by a pull where the answers to pushes go.
  compat::send(self, what.shard, pull_after(what.pushed, keys_of(what.keys, 0)));
  return {
      [self, what](message<messages::ParametersPulled>& answer) {
        look_at(compat::state(self), answer);
        answer = {};
        take_answer(self, what);
      },
      [self, what](const message<messages::GradientApplied>&) { take_answer(self, what); },
      [](const message<messages::LeaseSlices>&) {},
      [](const message<messages::StopTraining>&) {},
      [](const message<messages::StartWorker>&) {},
      [](const message<messages::Dismiss>&) {},
  };
}

} // namespace

shard_actor begin_shard(caf::actor_system& system, held_values held, const coordinator_actor& coordinator,
                        const std::shared_ptr<bulk_carrier>& carrier) {
  auto context = context_of(held);
  // On nodes each has a thread of its own.
  member_actor member = carrier ? system.spawn<caf::detached>(member_behavior, context, carrier, false)
                                : system.spawn(member_behavior, context, carrier, false);
  compat::anon_send(member, start_shard{assignment_of(*context), coordinator});
  return member;
}

shard_actor begin_echo(caf::actor_system& system, const std::shared_ptr<bulk_carrier>& carrier) {
  return carrier ? system.spawn<caf::detached>(echo, carrier) : system.spawn(echo, carrier);
}

shard_client::shard_client(caf::actor_system& system, shard_actor shard, held_values held,
                           std::shared_ptr<bulk_carrier> carrier)
    : system_(system), shard_(std::move(shard)), carrier_(std::move(carrier)), keys_(draw_keys(held)) {
  auto gradient = std::make_shared<bulk>(held.floats * held.asked);
  std::ranges::fill(gradient->values(), 0.001f);
  gradient_ = std::move(gradient);
}

double shard_client::pull(std::uint64_t count, std::uint64_t window) {
  return run(count, window, nullptr);
}

double shard_client::push(std::uint64_t count, std::uint64_t window) {
  auto result = run(count, window, gradient_);
  pushed_ += count;
  return result;
}

double shard_client::run(std::uint64_t count, std::uint64_t window, const shared_bulk& gradient) {
  task what{shard_,
            carrier_,
            gradient,
            keys_,
            pushed_,
            count,
            std::min(window, count),
            std::make_shared<std::promise<double>>()};
  auto seconds = what.seconds->get_future();
  if (carrier_)
    system_.spawn<caf::detached>(client, what);
  else
    system_.spawn(client, what);
  if (seconds.wait_for(patience) != std::future_status::ready)
    throw std::runtime_error("a shard does not answer");
  return static_cast<double>(count) / seconds.get();
}

} // namespace drover::bench
