#include "drover/actors/node/fleet.hpp"

#include "drover/actors/core/placement.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/prepared.hpp"
#include "drover/actors/node/timeouts.hpp"

#include <chrono>
#include <map>
#include <random>
#include <set>
#include <stdexcept>
#include <utility>

namespace drover {

namespace {

// Reading a large data set may take so long many times over.
constexpr std::chrono::seconds prepare_wait{2};

// Collects what is wrong with each node.
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
    compat::ask(self_, connector(system), connect_timeout, caf::connect_atom_v, where.host, where.port)
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
    compat::ask(self_, one.node, answer_timeout, ask_status{token_})
        .receive(
            [&one](const message<messages::NodeStatus>& status) { one.status = status; },
            [this, &one, &wrong](const caf::error& problem) { wrong.add(one.address, explain(system_, problem)); });
  wrong.raise();
  std::map<caf::node_id, node_address> seen;
  for (const auto& one : nodes_)
    if (auto [first, is_new] = seen.try_emplace(one.node.node(), one.address); !is_new)
      wrong.add(one.address, "it is the same node as " + to_string(first->second));
  wrong.raise();
}

void fleet::prepare(const places_state::job_ticket& job) {
  complaints wrong;
  prepare_job request{token_, job.what, places_};
  // All at once: each reads for itself. Asked again and again, because CAF says of a node that is gone only when asked.
  for (const auto& one : nodes_)
    compat::send(self_.ptr(), one.node, request);
  for (const auto& one : nodes_)
    for (bool is_open = true; is_open;)
      compat::ask(self_, one.node, prepare_wait, request)
          .receive(
              [&](const message<messages::JobPrepared>& found) {
                if (auto problem = mismatch(*found.read(), *job.context); !problem.empty())
                  wrong.add(one.address, problem);
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
    for (auto j = i + 1; j < nodes_.size(); ++j)
      request.peers.push_back(peer_of(nodes_[j]));
    compat::ask(self_, nodes_[i].node, links_timeout, request)
        .receive([](std::uint32_t) {},
                 [&](const caf::error& problem) { wrong.add(nodes_[i].address, explain(system_, problem)); });
  }
  for (const auto& one : nodes_)
    try {
      auto status = one.status.read();
      ways_.open(one.node.node(), {{one.address.host, status->getDataPort()}, status->getDataToken()},
                 plane::side::reads);
    } catch (const std::runtime_error& error) {
      wrong.add(one.address, error.what());
    }
  wrong.raise();
}

member_actor fleet::spawn(bool shard) {
  member_actor result;
  compat::ask(self_, places_, spawn_timeout, place_member{shard})
      .receive([&result](const member_actor& member) { result = member; },
               [](const caf::error& problem) { throw std::runtime_error(compat::describe(problem)); });
  return result;
}

placed_members fleet::place(const std::shared_ptr<const job_context>& context) {
  check_sizes(context->plan);
  message_builder<messages::PrepareJob> request;
  request->setId(random_id());
  request->setJob(context->what.read());
  request->getJob().setSave("");
  request->getJob().setMetrics("");
  places_state::job_ticket job{token_, request.finish(), context};
  places_ = self_->spawn(places_behavior, job, nodes_);
  prepare(job);
  connect_each_other();
  auto what = context->what.read();
  placed_members result;
  for (std::uint32_t shard = 0; shard < what.getShards(); ++shard)
    result.shards.push_back(spawn(true));
  if (!takes_turns(what))
    for (std::uint32_t worker = 0; worker < what.getWorkers(); ++worker)
      result.workers.push_back(spawn(false));
  result.places = places_;
  return result;
}

std::uint32_t fleet::drain(const node_entry& one) {
  std::uint32_t result = 0;
  compat::ask(self_, one.node, drain_timeout, drain_node{token_})
      .receive([&result](std::uint32_t workers) { result = workers; },
               [this, &one](const caf::error& problem) {
                 throw std::runtime_error("cannot drain " + to_string(one.address) + ": " + explain(system_, problem));
               });
  return result;
}

node_address fleet::listen(const node_address& where) {
  listening_ = publish(system_, caf::actor_cast<caf::actor>(places_), where);
  return {where.host, listening_};
}

fleet::~fleet() {
  if (listening_ != 0)
    unpublish(system_, caf::actor_cast<caf::actor>(places_), listening_);
  if (places_)
    caf::anon_send_exit(places_, caf::exit_reason::user_shutdown);
}

} // namespace drover
