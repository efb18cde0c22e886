#include "drover/actors/node/fleet.hpp"

#include "drover/actors/core/placement.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/replacement.hpp"

#include <chrono>
#include <map>
#include <random>
#include <set>
#include <stdexcept>
#include <utility>

namespace drover {

namespace {

using namespace std::chrono_literals;

// Nodes may be started a little later than the trainer.
constexpr std::chrono::milliseconds reach_timeout = 10s;
constexpr std::chrono::seconds answer_timeout{10};
// Reading a large data set may take so long many times over.
constexpr std::chrono::seconds prepare_wait{2};
// A node gives up each of its peers earlier.
constexpr std::chrono::seconds connect_timeout{20};

/// Collects what is wrong with each node.
class complaints {
public:
  void add(const node_address& node, const std::string& why) {
    list_ += (list_.empty() ? "" : "; ") + to_string(node) + ": " + why;
  }
  void raise() const {
    if (!list_.empty())
      throw std::runtime_error("not every node can be used: " + list_);
  }

private:
  std::string list_;
};

// All of a shard's parameters are one message. What a message takes besides is far less.
constexpr std::size_t shard_bytes_max = frame::bytes_max - (std::size_t{1} << 20);

void check_sizes(const training_plan& plan) {
  for (std::uint32_t shard = 0; shard < plan.job.read()->getShards(); ++shard)
    if (auto bytes = plan.bytes_of(shard); bytes > shard_bytes_max)
      throw std::invalid_argument("shards: shard " + std::to_string(shard) + " would hold " +
                                  std::to_string(bytes >> 20) +
                                  " MiB of parameters, and over nodes a shard holds at most " +
                                  std::to_string(shard_bytes_max >> 20) + " MiB: use more shards");
}

std::string random_id() {
  std::random_device source;
  return std::to_string((std::uint64_t{source()} << 32) | source());
}

} // namespace

fleet::fleet(caf::actor_system& system, const node_access& access)
    : system_(system), self_(system), token_(access.token.empty() && access.own ? access.own->token : access.token),
      ways_(system, nullptr) {
  const auto& nodes = access.nodes;
  complaints wrong;
  auto unreachable = wait_until_reachable(nodes, reach_timeout);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (!unreachable[i].empty())
      wrong.add(nodes[i], unreachable[i]);
  wrong.raise();
  for (const auto& where : nodes)
    compat::ask(self_, connector(system), answer_timeout, caf::connect_atom_v, where.host, where.port)
        .receive(
            [this, &where, &wrong](const caf::node_id&, const caf::strong_actor_ptr& found,
                                   const std::set<std::string>&) {
              if (found)
                nodes_.push_back({where, caf::actor_cast<node_actor>(found), {}});
              else
                wrong.add(where, "there is no node");
            },
            [this, &where, &wrong](const caf::error& problem) { wrong.add(where, explain(system_, problem)); });
  wrong.raise();
  greet();
}

void fleet::greet() {
  complaints wrong;
  for (auto& one : nodes_)
    compat::ask(self_, one.actor, answer_timeout, ask_status{token_})
        .receive(
            [&one](const message<messages::NodeStatus>& status) { one.status = status; },
            [this, &one, &wrong](const caf::error& problem) { wrong.add(one.address, explain(system_, problem)); });
  wrong.raise();
  std::map<caf::node_id, node_address> seen;
  for (const auto& one : nodes_)
    if (auto [first, is_new] = seen.try_emplace(one.actor.node(), one.address); !is_new)
      wrong.add(one.address, "it is the same node as " + to_string(first->second));
  wrong.raise();
}

void fleet::prepare(const job_context& context, const std::string& id) {
  message_builder<messages::PrepareJob> request;
  request->setId(id);
  request->setJob(context.what.read());
  request->getJob().setSave("");
  request->getJob().setMetrics("");
  auto what = request.finish();
  const auto& shape = context.data.train->shape();
  complaints wrong;
  auto check = [&](const node_entry& one, messages::JobPrepared::Reader found) {
    if (found.getSamples() != context.data.train->size() || found.getFeatures() != shape.features ||
        found.getClasses() != shape.classes)
      wrong.add(one.address, "its data have " + std::to_string(found.getSamples()) + " samples of " +
                                 std::to_string(found.getFeatures()) + " features and " +
                                 std::to_string(found.getClasses()) + " classes, the trainer's " +
                                 std::to_string(context.data.train->size()) + " of " + std::to_string(shape.features) +
                                 " and " + std::to_string(shape.classes));
    else if (found.getParameters() != context.plan.layout->flat_size())
      wrong.add(one.address, "its model has " + std::to_string(found.getParameters()) + " parameters, the trainer's " +
                                 std::to_string(context.plan.layout->flat_size()));
  };
  // All at once: each reads for itself. Asked again and again, because CAF says of a node that is gone only when asked.
  for (const auto& one : nodes_)
    compat::send(self_.ptr(), one.actor, prepare_job{token_, what});
  for (const auto& one : nodes_)
    for (bool is_open = true; is_open;)
      compat::ask(self_, one.actor, prepare_wait, prepare_job{token_, what})
          .receive(
              [&](const message<messages::JobPrepared>& found) {
                check(one, *found.read());
                is_open = false;
              },
              [&](const caf::error& problem) {
                if (problem == caf::sec::request_timeout)
                  return;
                wrong.add(one.address, explain(system_, problem));
                is_open = false;
              });
  wrong.raise();
}

// Every pair once: a connection serves both ways.
void fleet::connect_each_other() {
  complaints wrong;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    connect_nodes request{token_, {}};
    for (auto j = i + 1; j < nodes_.size(); ++j) {
      auto status = nodes_[j].status.read();
      request.peers.push_back(
          {to_string(nodes_[j].address), nodes_[j].actor.node(), status->getDataPort(), status->getDataToken()});
    }
    compat::ask(self_, nodes_[i].actor, connect_timeout, request)
        .receive([](std::uint32_t) {},
                 [&](const caf::error& problem) { wrong.add(nodes_[i].address, explain(system_, problem)); });
  }
  for (const auto& one : nodes_)
    try {
      auto status = one.status.read();
      ways_.open(one.actor.node(), {{one.address.host, status->getDataPort()}, status->getDataToken()},
                 plane::side::reads);
    } catch (const std::runtime_error& error) {
      wrong.add(one.address, error.what());
    }
  wrong.raise();
}

member_actor fleet::spawn_on(std::size_t node, const std::string& id) {
  member_actor result;
  compat::ask(self_, nodes_[node].actor, answer_timeout, spawn_member{token_, id})
      .receive([&result](const member_actor& member) { result = member; },
               [this, node](const caf::error& problem) {
                 throw std::runtime_error("no member can be started on " + to_string(nodes_[node].address) + ": " +
                                          explain(system_, problem));
               });
  return result;
}

placed_members fleet::place(const job_context& context) {
  check_sizes(context.plan);
  auto id = random_id();
  prepare(context, id);
  connect_each_other();
  auto what = context.what.read();
  std::vector<replacement_state::place> places;
  for (const auto& one : nodes_)
    places.push_back({one.actor, 0});
  placed_members result;
  auto spawn_next = [&, next = std::size_t{0}]() mutable {
    auto node = next++ % nodes_.size();
    ++places[node].members;
    return spawn_on(node, id);
  };
  for (std::uint32_t shard = 0; shard < what.getShards(); ++shard)
    result.shards.push_back(spawn_next());
  if (!takes_turns(what))
    for (std::uint32_t worker = 0; worker < what.getWorkers(); ++worker)
      result.workers.push_back(spawn_next());
  result.replacement = self_->spawn(replacement_behavior, token_, id, std::move(places));
  return result;
}

} // namespace drover
