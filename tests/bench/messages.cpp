// Pulls and pushes a second in one process, by block size, against the parts they are made of: CAF's own round trip
// between two such actors, and the update of a block in a plain loop. Limit: a pull is a round trip whatever its size;
// a push is a round trip and an update.

#include "drover/actors/cluster.hpp"
#include "drover/actors/member.hpp"
#include "drover/models/data/dense_dataset.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include "tests/bench/measure.hpp"
#include <algorithm>
#include <cstdio>
#include <future>
#include <stdexcept>

using namespace drover;
using namespace drover::bench;

namespace {

// A model of one block, for its layout alone.
class one_block final : public model {
public:
  explicit one_block(std::size_t floats) : floats_(floats) {}
  std::vector<tensor_spec> tensors() const override { return {{.name = "weight", .shape = {floats_}, .init = {}}}; }
  std::size_t outputs() const override { return 2; }
  batch_result gradient(const batch&, const_parameters, mutable_parameters) override { return {}; }
  batch_result evaluate(const batch&, const_parameters) override { return {}; }
  void predict(const batch&, const_parameters, std::span<float>) override {}

private:
  std::size_t floats_;
};

std::shared_ptr<const job_context> context_of(std::size_t floats) {
  job what;
  what->setModel("one-block");
  what->setBatchSize(1);
  what->setConsistency("asp");
  what->setWorkers(1);
  what->setPushCredits(16);
  auto models = standard_models();
  models.add("one-block", [floats](const model_request&) { return std::make_unique<one_block>(floats); });
  auto data = std::make_shared<dense_dataset>(data_shape{.features = 1, .classes = 2}, std::vector<float>{0},
                                              std::vector<std::uint32_t>{0});
  return job_context::make(what, std::move(models), {data, data});
}

message<messages::HostShard> assignment_of(const job_context& context) {
  message_builder<messages::HostShard> assignment;
  assignment->setJob(context.what.read());
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

message<messages::PullParameters> pull(std::uint64_t) {
  message_builder<messages::PullParameters> request;
  request->setEpoch(1);
  return request.finish();
}

message<messages::PushGradient> push(std::uint64_t sequence, const shared_bulk& gradient) {
  message_builder<messages::PushGradient> request;
  request->setEpoch(1);
  request->setSequence(sequence);
  request->setClock(sequence - 1);
  request->initBlocks(1)[0].adoptValues(request.refer(gradient->values(), gradient));
  return request.finish();
}

// Does nothing but answer: what CAF costs by itself.
shard_actor::behavior_type echo(shard_actor::pointer self) {
  auto answer = message_builder<messages::ParametersPulled>{}.finish();
  return {
      [self, answer](const message<messages::PullParameters>&) {
        compat::send(self, caf::actor_cast<worker_actor>(self->current_sender()), answer);
      },
      [](const message<messages::PushGradient>&) {},
      [](const message<messages::ChangeMembership>&) {},
      [](const message<messages::TakeSnapshot>&) {},
      [](const message<messages::TakeReport>&) {},
  };
}

// How many requests, how many of them under way, and who wants to know of the end.
struct task {
  std::uint64_t count;
  std::uint64_t window;
  std::promise<void>* end;
};

struct client_state {
  std::uint64_t sent = 0;
  std::uint64_t answered = 0;
};

// In a worker's place: asks again for each answer.
template <class Request>
worker_actor::behavior_type client(worker_actor::stateful_pointer<client_state> self, shard_actor shard,
                                   Request request, task what) {
  auto ask = [self, shard, request] { compat::send(self, shard, request(++compat::state(self).sent)); };
  auto next = [self, what, ask] {
    auto& [sent, answered] = compat::state(self);
    if (++answered == what.count) {
      what.end->set_value();
      self->quit();
    } else if (sent < what.count) {
      ask();
    }
  };
  for (std::uint64_t i = 0; i < what.window; ++i)
    ask();
  return {
      [next](const message<messages::ParametersPulled>&) { next(); },
      [next](const message<messages::GradientApplied>&) { next(); },
      [](const message<messages::StopTraining>&) {},
      [](const message<messages::StartWorker>&) {},
      [](const message<messages::Dismiss>&) {},
  };
}

template <class Request>
double requests_a_second(caf::actor_system& system, const shard_actor& shard, std::uint64_t count, std::uint64_t window,
                         Request request) {
  std::promise<void> end;
  auto seconds = seconds_of([&] {
    system.spawn(client<Request>, shard, request, task{count, window, &end});
    end.get_future().wait();
  });
  caf::anon_send_exit(shard, caf::exit_reason::user_shutdown);
  return static_cast<double>(count) / seconds;
}

void measure(caf::actor_system& system, std::size_t bytes, std::uint64_t window, std::size_t rounds) {
  auto floats = bytes / sizeof(float);
  auto count = std::clamp<std::uint64_t>((std::uint64_t{1} << 28) / bytes, 50, 20'000);
  auto context = context_of(floats);
  auto gradient = std::make_shared<bulk>(floats);
  std::ranges::fill(gradient->values(), 0.001f);
  caf::scoped_actor owner{system};
  auto coordinator = caf::actor_cast<coordinator_actor>(caf::actor_cast<caf::strong_actor_ptr>(owner));
  auto shard = [&]() -> shard_actor {
    auto member = system.spawn(member_behavior, context, nullptr);
    compat::anon_send(member, start_shard{assignment_of(*context), coordinator});
    return member;
  };

  auto device = gpu::make_cpu_device();
  auto stream = device->make_stream();
  auto rule = make_update_rule("sgd", {});
  bulk parameters{floats};
  std::ranges::fill(parameters.values(), 1.0f);

  enum side : std::size_t { round_trip, update, pulls, pushes };
  contest sides;
  sides.add("round trip", [&] { return requests_a_second(system, system.spawn(echo), 20'000, window, pull); });
  sides.add("update", [&] {
    return static_cast<double>(count) / seconds_of([&] {
             for (std::uint64_t i = 0; i < count; ++i)
               rule->apply(*device, *stream, {.learning_rate = 1e-6f}, parameters.values(), gradient->values(),
                           parameters.values(), {});
           });
  });
  sides.add("pull", [&] { return requests_a_second(system, shard(), 20'000, window, pull); });
  sides.add("push", [&] {
    return requests_a_second(system, shard(), count, window,
                             [&gradient](std::uint64_t sequence) { return push(sequence, gradient); });
  });
  sides.run(rounds);

  auto push_rate = sides.rate(pushes).median;
  auto limit = 1 / (1 / sides.rate(round_trip).median + 1 / sides.rate(update).median);
  std::printf("%6zu KiB, %2zu under way  pulls/s %9.0f  x CAF %s   pushes/s %9.0f  %6.2f GB/s  x (CAF + update) %.2f\n",
              bytes >> 10, static_cast<std::size_t>(window), sides.rate(pulls).median,
              to_string(sides.ratio(pulls, round_trip)).c_str(), push_rate,
              push_rate * static_cast<double>(bytes) / 1e9, push_rate / limit);
  std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
  print_title("pulls and pushes a second in one process, sgd, one shard");
  init_global_meta_objects();
  caf::actor_system_config config;
  config.set("caf.scheduler.policy", "sharing");
  caf::actor_system system{config};
  for (std::uint64_t window : {1, 16})
    for (std::size_t kibibytes : {4, 64, 256, 1024, 4096, 16384})
      measure(system, kibibytes << 10, window, rounds_of(argc, argv, 7));
}
