#include "drover/actors/node/node_behavior.hpp"

#include "drover/actors/member.hpp"
#include "drover/actors/node/credentials.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/prepared.hpp"
#include "drover/actors/node/timeouts.hpp"
#include "drover/gpu/device.hpp"

#include <caf/io/middleman.hpp>
#include <caf/io/middleman_actor.hpp>
#include <kj/exception.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <openssl/crypto.h>
#include <set>
#include <thread>
#include <unistd.h>
#include <utility>

namespace drover {

namespace {

constexpr std::chrono::seconds leave_timeout{10};

struct no_state {};

job_loader_actor::behavior_type loader_behavior(job_loader_actor::stateful_pointer<no_state> self,
                                                const node_options& options) {
  return {[self, models = options.models, data = options.data.value_or(dataset_pair{})](
              const message<messages::PrepareJob>& what) -> caf::result<loaded_job> {
    self->quit();
    try {
      return loaded_job{job_context::make(job{what.read()->getJob()}, models, data)};
    } catch (const kj::Exception& error) {
      return refusal(std::string{"the job cannot be read: "} + error.getDescription().cStr());
    } catch (const std::exception& error) {
      return refusal(error.what());
    }
  }};
}

link_opener_actor::behavior_type link_opener_behavior(link_opener_actor::stateful_pointer<no_state> self,
                                                      const std::shared_ptr<links>& ways) {
  return {[self, ways](const connect_nodes& wanted) -> caf::result<std::uint32_t> {
    self->quit();
    // Not further than the first that fails: each may take as long as whoever asked will wait.
    for (const auto& one : wanted.peers)
      try {
        links_address at{node_address::parse(one.address), one.data_token};
        at.where.port = one.data_port;
        for (auto which : {plane::side::writes, plane::side::reads})
          ways->open(one.identity, at, which);
      } catch (const std::exception& error) {
        return refusal(error.what());
      }
    return static_cast<std::uint32_t>(wanted.peers.size());
  }};
}

} // namespace

node_actor::behavior_type node_behavior(node_actor::stateful_pointer<node_state> self, node_options options,
                                        std::shared_ptr<links> ways) {
  compat::set_up(self);
  auto& state = compat::state(self);
  state.self = self;
  state.options = std::move(options);
  state.ways = std::move(ways);
  // A token that is wrong is the only thing a stranger is told.
  auto guarded = [&state]<class Answer>(const std::string& token, Answer answer) -> decltype(answer()) {
    if (!same_token(token, state.options.token))
      return refusal("the token is not this node's");
    try {
      return answer();
    } catch (const kj::Exception& error) {
      return refusal(std::string{"the request cannot be read: "} + error.getDescription().cStr());
    } catch (const std::exception& error) {
      return refusal(error.what());
    }
  };
  return {
      [&state, guarded](const ask_status& request) {
        return guarded(request.token, [&state] { return state.status(); });
      },
      [&state, guarded](const prepare_job& request) {
        return guarded(request.token, [&] { return state.prepare(request); });
      },
      [&state, guarded](const connect_nodes& request) {
        return guarded(request.token, [&] { return state.connect(request); });
      },
      [&state, guarded](const spawn_member& request) {
        return guarded(request.token, [&] { return state.spawn(request.job); });
      },
      [&state, guarded](const drain_node& request) {
        return guarded(request.token, [&state] { return state.drain(); });
      },
  };
}

node_state::~node_state() {
  while (!jobs.empty())
    end(jobs.begin()->first);
}

caf::result<message<messages::NodeStatus>> node_state::status() const {
  message_builder<messages::NodeStatus> result;
  result->setVersion(DROVER_VERSION);
  result->setHost(host_name());
  result->setProcess(static_cast<std::uint32_t>(getpid()));
  result->setCores(std::max(1u, std::thread::hardware_concurrency()));
  result->setMemoryBytes(static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                         static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)));
  result->initDevices(1).set(0, gpu::make_cpu_device()->description());
  result->setLeaving(leaving);
  result->setDataPort(ways->port());
  result->setDataToken(ways->token());
  result->setDataNumber(ways->number());
  auto outlets = ways->outlets();
  auto links = result->initLinks(static_cast<unsigned>(outlets.size()));
  for (unsigned i = 0; i < outlets.size(); ++i) {
    links[i].setPeer(outlets[i].peer);
    links[i].setWay(plane::name_of(outlets[i].way));
    links[i].setFrames(outlets[i].traffic.frames);
    links[i].setBytes(outlets[i].traffic.bytes);
    links[i].setDropped(outlets[i].traffic.dropped);
  }
  auto list = result->initJobs(static_cast<unsigned>(jobs.size()));
  unsigned i = 0;
  for (const auto& [id, one] : jobs) {
    list[i].setId(id);
    auto source = one.source.read();
    list[i].setModel(source->getJob().getModel());
    list[i].setData(source->getJob().getData());
    list[i].setMembers(static_cast<std::uint32_t>(one.members.size()));
    ++i;
  }
  return result.finish();
}

caf::result<message<messages::JobPrepared>> node_state::prepare(const prepare_job& request) {
  if (leaving)
    return refusal("this node is being drained");
  std::string id = request.what.read()->getId();
  auto [found, is_new] = jobs.try_emplace(id, hosted_job{.source = request.what, .places = request.places});
  if (found->second.context)
    return describe(*found->second.context);
  // Before the promise, which takes the sender with it.
  if (auto trainer = caf::actor_cast<caf::actor>(self->current_sender()); trainer && !found->second.is_watched) {
    found->second.is_watched = true;
    watched.watch(self, trainer, [this, id](const caf::error&) { end(id); });
  }
  auto answer = self->make_response_promise<message<messages::JobPrepared>>();
  found->second.asked.push_back(answer);
  if (is_new)
    load(id, request.what);
  return answer;
}

void node_state::load(const std::string& id, const message<messages::PrepareJob>& what) {
  compat::request(
      self, self->spawn<caf::detached>(loader_behavior, options), caf::infinite,
      [this, id](const loaded_job& loaded) {
        auto found = jobs.find(id);
        if (found == jobs.end())
          return; // its trainer is gone
        found->second.context = loaded.context;
        for (auto& asked : std::exchange(found->second.asked, {}))
          asked.deliver(describe(*loaded.context));
      },
      [this, id](const caf::error& problem) {
        if (auto failed = jobs.extract(id))
          for (auto& asked : failed.mapped().asked)
            asked.deliver(problem);
      },
      what);
}

caf::result<std::uint32_t> node_state::connect(const connect_nodes& wanted) {
  struct tally {
    std::size_t open;
    std::string problems;
  };
  if (leaving)
    return refusal("this node is being drained");
  if (wanted.peers.empty())
    return std::uint32_t{0};
  auto answer = self->make_response_promise<std::uint32_t>();
  auto all = std::make_shared<tally>(tally{wanted.peers.size(), {}});
  auto one_less = [this, wanted, all, answer](const std::string& problem) mutable {
    all->problems += (all->problems.empty() || problem.empty() ? "" : "; ") + problem;
    if (--all->open != 0)
      return;
    if (!all->problems.empty())
      answer.deliver(refusal(all->problems));
    else
      compat::request(
          self, self->spawn<caf::detached>(link_opener_behavior, ways), caf::infinite,
          [answer](std::uint32_t count) mutable { answer.deliver(count); },
          [answer](const caf::error& why) mutable { answer.deliver(why); }, wanted);
  };
  for (const auto& one : wanted.peers) {
    auto where = node_address::parse(one.address);
    compat::request(
        self, connector(self->system()), connect_timeout,
        [one_less, one](const caf::node_id& found, const caf::strong_actor_ptr&, const std::set<std::string>&) mutable {
          one_less(found == one.identity
                       ? ""
                       : "at " + one.address + " it finds another node: say addresses that mean the same to all nodes");
        },
        [one_less, one](const caf::error&) mutable { one_less("it cannot connect to " + one.address); },
        caf::connect_atom_v, where.host, where.port);
  }
  return answer;
}

caf::result<member_actor> node_state::spawn(const std::string& job) {
  if (leaving)
    return refusal("this node is being drained");
  auto found = jobs.find(job);
  if (found == jobs.end() || !found->second.context)
    return refusal("there is no job " + job + " on this node, or its data are not read yet");
  member_actor member = self->spawn<caf::detached>(member_behavior, found->second.context, ways);
  found->second.members.push_back(member);
  watched.watch(self, member, [this, job, gone = caf::actor_cast<caf::actor_addr>(member)](const caf::error&) {
    if (auto one = jobs.find(job); one != jobs.end())
      std::erase_if(one->second.members, [&gone](const member_actor& each) { return each.address() == gone; });
    finish_drain();
  });
  return member;
}

void node_state::end(const std::string& job) {
  auto ended = jobs.extract(job);
  if (ended)
    for (const auto& member : ended.mapped().members)
      caf::anon_send_exit(member, caf::exit_reason::user_shutdown);
  // Their buffers are large.
  if (jobs.empty())
    ways->clear();
  for (const auto& one : drains)
    one->open.erase(job);
  finish_drain();
}

// The jobs are asked whether they can do without this node; then their coordinators end the members here. A job that
// ends meanwhile can do without.
caf::result<std::uint32_t> node_state::drain() {
  leaving = true;
  auto drained = std::make_shared<draining>(draining{self->make_response_promise<std::uint32_t>(), {}, 0});
  for (const auto& [id, one] : jobs) {
    drained->open.insert(id);
    drained->workers += static_cast<std::uint32_t>(one.members.size());
    compat::request(
        self, one.places, leave_timeout,
        [this, drained, id](std::uint32_t) {
          drained->open.erase(id);
          finish_drain();
        },
        [this, drained, id](const caf::error& problem) {
          if (!jobs.contains(id))
            return; // settled
          leaving = false;
          drained->answer.deliver(problem);
          std::erase(drains, drained);
        },
        leave_job{options.token, node_actor{self}});
  }
  drains.push_back(drained);
  finish_drain();
  return drained->answer;
}

void node_state::finish_drain() {
  auto hosts = std::ranges::any_of(jobs, [](const auto& one) { return !one.second.members.empty(); });
  if (!hosts)
    std::erase_if(drains, [](const auto& one) {
      if (one->open.empty())
        one->answer.deliver(one->workers);
      return one->open.empty();
    });
}

} // namespace drover
