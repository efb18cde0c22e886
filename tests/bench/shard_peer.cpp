#include "tests/bench/shard_peer.hpp"

#include "drover/actors/node/network.hpp"

#include <caf/scoped_actor.hpp>

#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace drover::bench {

namespace {

const std::string loopback = "127.0.0.1";

void say(const std::string& sentence) {
  std::fprintf(stderr, "%s\n", sentence.c_str());
}

std::optional<credentials> copy_of(const credentials* own) {
  return own ? std::optional{*own} : std::nullopt;
}

} // namespace

shard_peer::shard_peer(plane::way by, held_values held, const credentials* own) : by_(by), held_(held), own_(own) {
  int ends[2];
  if (pipe(ends) != 0)
    throw std::runtime_error("no pipe could be made");
  child_ = std::make_unique<child_process>([this, &ends] { serve(ends[1]); });
  close(ends[1]);
  auto got = read(ends[0], &there_, sizeof there_);
  close(ends[0]);
  if (got != sizeof there_)
    throw std::runtime_error("a process with a shard did not start");
}

void shard_peer::serve(int to) const {
  init_node_meta_objects();
  node_config config{copy_of(own_)};
  caf::actor_system system{config};
  // Silent: it only sees how the other end closes.
  auto ways = std::make_shared<links>(system, links::log_function{});
  ways->listen({loopback, 0});
  caf::scoped_actor owner{system};
  auto coordinator = caf::actor_cast<coordinator_actor>(caf::actor_cast<caf::strong_actor_ptr>(owner));
  auto shard = begin_shard(system, held_, coordinator, ways);
  auto echo = begin_echo(system, ways);
  place here;
  here.shard = publish(system, caf::actor_cast<caf::actor>(shard), {loopback, 0});
  here.echo = publish(system, caf::actor_cast<caf::actor>(echo), {loopback, 0});
  here.data = ways->port();
  ways->token().copy(here.token, sizeof here.token - 1);
  if (write(to, &here, sizeof here) != sizeof here)
    _exit(1);
  for (;;)
    pause();
}

void shard_peer::connect() {
  init_node_meta_objects();
  config_ = std::make_unique<node_config>(copy_of(own_));
  system_ = std::make_unique<caf::actor_system>(*config_);
  ways_ = std::make_shared<links>(*system_, say, by_);
  caf::scoped_actor self{*system_};
  auto client_of = [&](std::uint16_t port) {
    auto found = drover::connect(*system_, self, {loopback, port});
    if (!found)
      throw std::runtime_error("a process with a shard cannot be reached: " + explain(*system_, found.error()));
    for (auto which : {plane::side::writes, plane::side::reads})
      ways_->open((*found)->node(), {{loopback, there_.data}, there_.token}, which);
    return std::make_unique<shard_client>(*system_, caf::actor_cast<shard_actor>(*found), held_, ways_);
  };
  shard_ = client_of(there_.shard);
  echo_ = client_of(there_.echo);
  auto outlets = ways_->outlets();
  if (outlets.size() != 1 || outlets.front().way != by_)
    throw std::runtime_error(std::string{"no connection by "} + plane::name_of(by_));
}

} // namespace drover::bench
