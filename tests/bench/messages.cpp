// Pulls and pushes a second in one process, by block size, against the parts they are made of: CAF's own round trip
// between two such actors, and the update of a block in a plain loop. Limit: a pull is a round trip whatever its size;
// a push is a round trip and an update.

#include "drover/actors/cluster.hpp"
#include "drover/gpu/device.hpp"
#include "drover/models/rules/update_rule.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include "tests/bench/measure.hpp"
#include "tests/bench/one_shard.hpp"
#include <algorithm>
#include <cstdio>

using namespace drover;
using namespace drover::bench;

namespace {

constexpr std::uint64_t round_trips = 20'000;

void measure(caf::actor_system& system, std::size_t bytes, std::uint64_t window, std::size_t rounds) {
  auto floats = bytes / sizeof(float);
  auto count = std::clamp<std::uint64_t>((std::uint64_t{1} << 28) / bytes, 50, round_trips);
  caf::scoped_actor owner{system};
  auto coordinator = caf::actor_cast<coordinator_actor>(caf::actor_cast<caf::strong_actor_ptr>(owner));
  // Each time another one, so that each finds fresh memory.
  auto with = [&](const shard_actor& shard, auto work) {
    shard_client client{system, shard, {floats}};
    auto rate = work(client);
    caf::anon_send_exit(shard, caf::exit_reason::user_shutdown);
    return rate;
  };
  auto pull = [window](shard_client& client) { return client.pull(round_trips, window); };
  auto push = [window, count](shard_client& client) { return client.push(count, window); };

  auto device = gpu::make_cpu_device();
  auto stream = device->make_stream();
  auto rule = make_update_rule("sgd", {});
  bulk parameters{floats};
  bulk gradient{floats};
  std::ranges::fill(parameters.values(), 1.0f);
  std::ranges::fill(gradient.values(), 0.001f);

  enum side : std::size_t { round_trip, update, pulls, pushes };
  contest sides;
  sides.add("round trip", [&] { return with(begin_echo(system), pull); });
  sides.add("update", [&] {
    return static_cast<double>(count) / seconds_of([&] {
             for (std::uint64_t i = 0; i < count; ++i)
               rule->apply(*device, *stream, {.learning_rate = 1e-6f}, parameters.values(), gradient.values(),
                           parameters.values(), {});
           });
  });
  sides.add("pull", [&] { return with(begin_shard(system, {floats}, coordinator), pull); });
  sides.add("push", [&] { return with(begin_shard(system, {floats}, coordinator), push); });
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
  for (std::uint64_t window : {std::uint64_t{1}, window_max})
    for (std::size_t kibibytes : {4, 64, 256, 1024, 4096, 16384})
      measure(system, kibibytes << 10, window, rounds_of(argc, argv, 7));
}
