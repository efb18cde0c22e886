#include "drover/actors/node/fleet.hpp"

#include "drover/actors/core/latest_copy.hpp"
#include "drover/actors/core/placement.hpp"
#include "drover/actors/node/data_sender.hpp"
#include "drover/actors/node/data_slice.hpp"
#include "drover/actors/node/find_nodes.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/prepared.hpp"
#include "drover/actors/node/timeouts.hpp"
#include "drover/actors/worker_device.hpp"

#include <chrono>
#include <map>
#include <random>
#include <stdexcept>
#include <utility>

namespace drover {

namespace {

// Reading a large data set may take so long many times over.
constexpr std::chrono::seconds prepare_wait{2};

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

// Each worker goes to a node that has its device: one must.
void check_devices(messages::Job::Reader what, const std::vector<fleet::node_entry>& nodes) {
  node_roster roster;
  std::string list;
  for (const auto& one : nodes) {
    auto devices = devices_of(one);
    roster.add(0, devices);
    list += (list.empty() ? "" : "; ") + to_string(one.address) + " has";
    for (const auto& device : devices)
      list += (device == *devices.begin() ? " " : ", ") + device;
  }
  for (std::uint32_t worker = 0; worker < what.getWorkers(); ++worker)
    if (auto device = device_name_of(what, worker); !roster.emptiest(device))
      throw std::runtime_error("no node has " + device + ", on which worker " + std::to_string(worker) +
                               " is to compute: " + list);
}

std::string token_of(const std::optional<credentials>& own) {
  return own ? own->token : std::string{};
}

// The token of nodes that are this process's own is nobody else's.
places_state::entrance door_of(const node_access& access, const std::string& token) {
  auto is_network = access.how_far == reach::network;
  return {is_network ? token : token_of(access.own), is_network && !access.nodes.empty()};
}

std::string random_id() {
  std::random_device source;
  return std::to_string((std::uint64_t{source()} << 32) | source());
}

} // namespace

fleet::fleet(caf::actor_system& system, const node_access& access)
    : system_(system), self_(system), token_(access.token.empty() ? token_of(access.own) : access.token),
      door_(door_of(access, token_)), ways_(std::make_shared<links>(system, nullptr)), id_(random_id()),
      send_data_(access.send_data), on_shard_moved_(access.on_shard_moved) {
  auto found = find_nodes(system, self_, access.nodes, token_);
  found.wrong.raise();
  nodes_ = std::move(found.nodes);
}

void fleet::prepare(const places_state::job_ticket& job) {
  complaints wrong;
  prepare_job request{token_, job.what, places_, job.data};
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
                if (problem == data_missing)
                  wrong.advise("say --send-data to have the trainer send its data to the nodes");
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
      ways_->open(one.node.node(), {{one.address.host, status->getDataPort()}, status->getDataToken()},
                  plane::side::reads);
    } catch (const std::runtime_error& error) {
      wrong.add(one.address, error.what());
    }
  wrong.raise();
}

// One that is not complete does not answer. None goes on before it is told to.
std::optional<fleet::kept_shard> fleet::latest_of(const std::vector<kept_shard>& copies) {
  std::vector<std::optional<copy_age>> ages(copies.size());
  if (copies.size() == 1)
    return copies.front();
  for (std::size_t i = 0; i < copies.size(); ++i)
    compat::ask(self_, copies[i].member, answer_timeout, freeze_shard{})
        .receive(
            [&](const frozen_shard& held) {
              auto view = held.state.read();
              auto report = view->getReport();
              ages[i] = {report.getMembershipEpoch(), report.getVersion()};
            },
            [](const caf::error&) {});
  auto latest = latest_copy(ages);
  if (!latest)
    return std::nullopt;
  for (std::size_t i = 0; i < copies.size(); ++i)
    if (i != *latest)
      caf::anon_send_exit(copies[i].member, caf::exit_reason::user_shutdown);
  return copies[*latest];
}

job fleet::take_over(const std::string& id) {
  complaints wrong;
  message<messages::PrepareJob> what;
  std::map<std::uint32_t, std::vector<kept_shard>> found;
  for (auto& one : nodes_)
    compat::ask(self_, one.node, answer_timeout, take_shards{token_, id})
        .receive(
            [&](const kept_shards& kept) {
              what = kept.what;
              for (const auto& each : kept.shards)
                found[each.index].push_back({&one, each.member});
            },
            [&](const caf::error& problem) { wrong.add(one.address, explain(system_, problem)); });
  if (found.empty())
    wrong.raise();
  job result{what.read()->getJob()};
  for (std::uint32_t shard = 0; shard < result.read().getShards(); ++shard) {
    auto latest = latest_of(found[shard]);
    if (!latest)
      throw std::runtime_error("job " + id + " cannot go on: none of these nodes keeps its shard " +
                               std::to_string(shard) + " of " + std::to_string(result.read().getShards()) +
                               (wrong.list().empty() ? "" : "; " + wrong.list()));
    latest->where->shards.emplace(shard, latest->member);
    taken_.push_back(latest->member);
  }
  id_ = id;
  return result;
}

member_actor fleet::spawn(const place_member& wanted) {
  member_actor result;
  compat::ask(self_, places_, spawn_timeout, wanted)
      .receive([&result](const member_actor& member) { result = member; },
               [](const caf::error& problem) { throw std::runtime_error(compat::describe(problem)); });
  return result;
}

placed_members fleet::place(const std::shared_ptr<const job_context>& context) {
  if (!nodes_.empty()) {
    check_sizes(context->plan);
    check_devices(context->what.read(), nodes_);
  }
  message_builder<messages::PrepareJob> request;
  request->setId(id_);
  request->setJob(context->what.read());
  request->getJob().setSave("");
  request->getJob().setMetrics("");
  if (send_data_) {
    if (context->traits.reads != sample_kind::features)
      throw std::invalid_argument("model " + std::string{context->what.read().getModel().cStr()} +
                                  " reads sparse data, which are not sent to nodes: leave out --send-data, and let "
                                  "each node have the data where the job says");
    check_sendable(*context->data.train);
    data_ = self_->spawn<caf::detached>(data_sender_behavior, context, token_);
  }
  places_state::job_ticket job{token_, door_, request.finish(), context, ways_, data_};
  if (on_shard_moved_)
    job.on_moved = [tell = on_shard_moved_, id = id_](const std::vector<node_address>& hosts) { tell(id, hosts); };
  places_ = self_->spawn(places_behavior, job, nodes_);
  prepare(job);
  connect_each_other();
  auto what = context->what.read();
  placed_members result;
  result.places = places_;
  if (nodes_.empty())
    return result;
  for (const auto& one : nodes_)
    result.hosts.emplace(one.node.node(), to_string(one.address));
  result.shards = taken_;
  result.shards_begun = !taken_.empty();
  if (!result.shards_begun)
    for (std::uint32_t shard = 0; shard < what.getShards(); ++shard)
      result.shards.push_back(spawn({shard}));
  // One that takes turns with its shard is a part of it, unless it was lost.
  if (result.shards_begun || !takes_turns(what))
    for (std::uint32_t worker = 0; worker < what.getWorkers(); ++worker)
      result.workers.push_back(spawn({std::nullopt, device_name_of(what, worker)}));
  return result;
}

std::uint32_t fleet::drain(const node_entry& one) {
  std::uint32_t result = 0;
  compat::ask(self_, one.node, drain_timeout, drain_node{token_})
      .receive([&result](std::uint32_t members) { result = members; },
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
  if (data_)
    caf::anon_send_exit(*data_, caf::exit_reason::user_shutdown);
  ways_->close();
}

} // namespace drover
