#include "drover/actors/node/node_behavior.hpp"

#include "drover/actors/member.hpp"
#include "drover/actors/node/credentials.hpp"
#include "drover/actors/node/link_opener.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/prepared.hpp"
#include "drover/actors/node/receive_data.hpp"
#include "drover/actors/node/timeouts.hpp"
#include "drover/gpu/devices.hpp"

#include <caf/io/middleman.hpp>
#include <caf/io/middleman_actor.hpp>
#include <kj/exception.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <openssl/crypto.h>
#include <set>
#include <stdexcept>
#include <thread>
#include <unistd.h>
#include <utility>

namespace drover {

namespace {

struct no_state {};

struct no_data : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The data of a job: those that its trainer sends, or this node's own, or what lies where the job says.
dataset_pair data_of(const prepare_job& request, const node_options& options, job_loader_actor::pointer self) {
  if (request.data)
    return receive_data(self->system(), *request.data, options.token,
                        caf::actor_cast<caf::actor>(self->current_sender()));
  if (options.data)
    return *options.data;
  job what{request.what.read()->getJob()};
  try {
    return load_data(what, options.models);
  } catch (const std::exception& error) {
    throw no_data{error.what()};
  }
}

job_loader_actor::behavior_type loader_behavior(job_loader_actor::stateful_pointer<no_state> self,
                                                const node_options& options) {
  return {[self, options](const prepare_job& request) -> caf::result<loaded_job> {
    self->quit();
    try {
      refuse_in_place(request.what.read()->getJob(), "workers and shards on nodes share no memory");
      auto data = data_of(request, options, self);
      return loaded_job{job_context::make(job{request.what.read()->getJob()}, options.models, std::move(data))};
    } catch (const no_data& error) {
      return caf::make_error(data_missing, std::string{error.what()});
    } catch (const kj::Exception& error) {
      return refusal(std::string{"the job cannot be read: "} + error.getDescription().cStr());
    } catch (const std::exception& error) {
      return refusal(error.what());
    }
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
      return wrong_token(state.self->system(), state.self->current_sender(), "node");
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
        return guarded(request.token, [&] { return state.spawn(request); });
      },
      [&state, guarded](const drain_node& request) {
        return guarded(request.token, [&state] { return state.drain(); });
      },
      [&state, guarded](const take_shards& request) {
        return guarded(request.token, [&] { return state.hand_over(request.job); });
      },
      [&state](const forget_job& what) {
        if (auto found = state.jobs.find(what.job);
            found != state.jobs.end() && found->second.is_kept && found->second.kept_since == what.kept)
          state.end(what.job);
      },
      [&state](const refuse_drains& of) {
        if (auto found = state.jobs.find(of.job);
            found != state.jobs.end() && found->second.is_kept && found->second.kept_since == of.kept)
          state.refuse_drains_for(of.job);
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
  auto usable = gpu::find_devices().devices;
  std::erase_if(usable, [](const auto& device) { return !device.problem.empty(); });
  auto devices = result->initDevices(static_cast<unsigned>(usable.size()));
  auto names = result->initDeviceNames(static_cast<unsigned>(usable.size()));
  for (unsigned i = 0; i < usable.size(); ++i) {
    devices.set(i, usable[i].description);
    names.set(i, usable[i].name);
  }
  result->setLeaving(is_leaving());
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
    list[i].setIsKept(one.is_kept);
    ++i;
  }
  return result.finish();
}

caf::result<message<messages::JobPrepared>> node_state::prepare(const prepare_job& request) {
  if (is_leaving())
    return refusal("this node is being drained");
  std::string id = request.what.read()->getId();
  auto [found, is_new] = jobs.try_emplace(id, hosted_job{.source = request.what});
  found->second.places = request.places;
  if (found->second.context)
    return describe(*found->second.context);
  follow_sender(id); // before the promise, which takes the sender with it
  auto answer = self->make_response_promise<message<messages::JobPrepared>>();
  found->second.asked.push_back(answer);
  if (is_new)
    load(id, request);
  return answer;
}

void node_state::load(const std::string& id, const prepare_job& request) {
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
      request);
}

caf::result<std::uint32_t> node_state::connect(const connect_nodes& wanted) {
  struct tally {
    std::size_t open;
    std::string problems;
  };
  if (is_leaving())
    return refusal("this node is being drained");
  if (wanted.peers.empty())
    return std::uint32_t{0};
  auto answer = self->make_response_promise<std::uint32_t>();
  auto all = std::make_shared<tally>(tally{wanted.peers.size(), {}});
  auto one_less = [this, wanted, all, answer](const std::string& problem) {
    all->problems += (all->problems.empty() || problem.empty() ? "" : "; ") + problem;
    if (--all->open != 0)
      return;
    auto promise = answer;
    if (!all->problems.empty())
      promise.deliver(refusal(all->problems));
    else
      compat::request(
          self, self->spawn<caf::detached>(link_opener_behavior, ways), caf::infinite,
          [promise](std::uint32_t count) mutable { promise.deliver(count); },
          [promise](const caf::error& why) mutable { promise.deliver(why); }, wanted);
  };
  for (const auto& one : wanted.peers)
    reach(one, one_less);
  return answer;
}

void node_state::reach(const connect_nodes::peer& whom, std::function<void(const std::string&)> done) {
  auto where = node_address::parse(whom.address);
  compat::request(
      self, connector(self->system()), connect_wait,
      [done, whom](const caf::node_id& found, const caf::strong_actor_ptr&, const std::set<std::string>&) {
        done(found == whom.identity
                 ? ""
                 : "at " + whom.address + " it finds another node: say addresses that mean the same to all nodes");
      },
      [done, whom](const caf::error&) { done("it cannot connect to " + whom.address); }, caf::connect_atom_v,
      where.host, where.port);
}

caf::result<member_actor> node_state::spawn(const spawn_member& wanted) {
  if (is_leaving())
    return refusal("this node is being drained");
  const auto& job = wanted.job;
  auto found = jobs.find(job);
  if (found == jobs.end() || !found->second.context)
    return refusal("there is no job " + job + " on this node, or its data are not read yet");
  auto keeps = wanted.shard && options.keep_shards > std::chrono::seconds{0};
  member_actor member = self->spawn<caf::detached>(member_behavior, found->second.context, ways, keeps);
  found->second.members.push_back({member, wanted.shard});
  watched.watch(self, member, [this, job, gone = caf::actor_cast<caf::actor_addr>(member)](const caf::error&) {
    if (auto one = jobs.find(job); one != jobs.end()) {
      std::erase_if(one->second.members, [&gone](const hosted_member& each) { return each.handle.address() == gone; });
      if (one->second.is_kept && one->second.members.empty())
        end(job);
    }
    finish_drain();
  });
  return member;
}

void node_state::end(const std::string& job) {
  auto ended = jobs.extract(job);
  if (ended)
    for (const auto& member : ended.mapped().members)
      caf::anon_send_exit(member.handle, caf::exit_reason::user_shutdown);
  // Their buffers are large.
  if (jobs.empty())
    ways->clear();
  for (const auto& one : drains)
    one->open.erase(job);
  finish_drain();
}

// The jobs move what they have here, if they can do without this node; then their coordinators end the members here. A
// job that ends meanwhile can do without.
caf::result<std::uint32_t> node_state::drain() {
  for (const auto& [id, one] : jobs) {
    if (one.is_kept)
      return kept_sentence(id);
    if (!one.places)
      return refusal("job " + id + ": its trainer takes it over at the moment");
  }
  auto drained = std::make_shared<draining>(draining{self->make_response_promise<std::uint32_t>(), {}});
  for (const auto& [id, one] : jobs) {
    drained->open.insert(id);
    drained->members += static_cast<std::uint32_t>(one.members.size());
    compat::request(
        self, one.places, caf::infinite,
        [this, drained, id = id] {
          drained->open.erase(id);
          finish_drain();
        },
        [this, drained, id = id](const caf::error& problem) {
          if (problem != caf::sec::runtime_error)
            return; // the trainer goes
          drained->refuse(id, problem);
          finish_drain();
        },
        leave_job{options.token, node_actor{self}});
  }
  drains.push_back(drained);
  finish_drain();
  return drained->answer;
}

void node_state::draining::refuse(const std::string& job, const caf::error& why) {
  if (open.erase(job) > 0 && !refusal)
    refusal = why;
}

void node_state::refuse_drains_for(const std::string& kept) {
  for (const auto& one : drains)
    one->refuse(kept, kept_sentence(kept));
  finish_drain();
}

caf::error node_state::kept_sentence(const std::string& job) {
  return refusal("job " + job + ": a shard is kept here until its trainer is back: say drover train --resume " + job);
}

void node_state::finish_drain() {
  auto hosts = std::ranges::any_of(jobs, [](const auto& one) { return !one.second.members.empty(); });
  std::erase_if(drains, [this, hosts](const auto& one) {
    if (!one->open.empty() || (hosts && !one->refusal))
      return false;
    if (one->refusal)
      one->answer.deliver(one->refusal);
    else
      one->answer.deliver(one->members);
    is_drained = is_drained || !one->refusal;
    return true;
  });
}

} // namespace drover
