#include "drover/actors/node/links.hpp"

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/node/certificates.hpp"
#include "drover/actors/node/plane/connect.hpp"
#include "drover/actors/node/protocol.hpp"
#include "drover/actors/type_ids.hpp"

#include <caf/actor_registry.hpp>
#include <caf/hash/fnv.hpp>

#include <stdexcept>
#include <utility>
#include <variant>

namespace drover {

namespace {

constexpr std::size_t token_bytes = 32;

// Gives an actor the message of that kind. The actor may be gone.
template <std::size_t Kind = 0>
void hand_over(const caf::strong_actor_ptr& to, std::uint16_t kind, std::shared_ptr<const frame> what) {
  if constexpr (Kind < std::variant_size_v<protocol_message>) {
    if (kind != Kind)
      return hand_over<Kind + 1>(to, kind, std::move(what));
    using body = std::variant_alternative_t<Kind, protocol_message>;
    if constexpr (step_message<typename body::root_type>) {
      if (to)
        compat::anon_send(caf::actor_cast<caf::actor>(to), body{std::move(what)});
      return;
    }
  }
  throw malformed_message("a message of kind " + std::to_string(kind) + " does not travel this way");
}

} // namespace

links::links(caf::actor_system& system, log_function log, plane::way best)
    : system_(system), log_(std::move(log)), token_(random_digits(token_bytes)),
      encrypted_(system.has_openssl_manager()), best_(best) {}

links::~links() {
  close();
}

void links::listen(const node_address& where) {
  plane::identity own{.build = protocol(), .token = token_, .encrypted = encrypted_};
  auto listener = std::make_unique<plane::listener>(
      plane::listen_options{.address = where.host, .port = where.port}, std::move(own),
      [this](plane::connection made) {
        auto peer = made.peer;
        add(peer, peer, std::move(made));
      },
      [this](const std::string& sentence) { say(sentence); });
  std::lock_guard lock{mutex_};
  listener_ = std::move(listener);
}

std::uint16_t links::port() const {
  std::lock_guard lock{mutex_};
  return listener_ ? listener_->port() : std::uint16_t{0};
}

void links::open(const caf::node_id& peer, const links_address& at, plane::side which) {
  auto other = number_of(peer);
  std::lock_guard one_at_a_time{opening_};
  {
    std::lock_guard lock{mutex_};
    if (auto found = links_.find({other, which}); found != links_.end() && !*found->second->ended)
      return;
  }
  plane::identity own{.build = protocol(), .token = at.token, .encrypted = encrypted_};
  add(other, number(), plane::connect(at.where.host, at.where.port, own, which, number(), {.best = best_}));
}

// Where both ends open one at the same time, both have to keep the same of the two: that of the lower number.
void links::add(std::uint64_t peer, std::uint64_t opener, plane::connection over) {
  auto which = over.side;
  auto made = std::make_shared<link>();
  made->opener = opener;
  auto on_end = [this, ended = made->ended](const std::string& sentence) {
    *ended = true;
    if (!sentence.ends_with(plane::closed_by_peer)) // as at the end of each job
      say(sentence);
  };
  std::shared_ptr<link> former; // let go of without the lock
  std::lock_guard lock{mutex_};
  if (closed_)
    return;
  auto& place = links_[{peer, which}];
  if (place && !*place->ended && place->opener < opener)
    return;
  if (which == plane::side::writes)
    made->out = std::make_unique<plane::sender>(std::move(over), plane::sender_options{}, on_end);
  else
    made->in = std::make_unique<plane::receiver>(
        std::move(over),
        [this](std::uint64_t destination, std::uint16_t kind, std::shared_ptr<const frame> what) {
          hand_over(system_.registry().get(destination), kind, std::move(what));
        },
        on_end);
  former = std::exchange(place, std::move(made));
}

bool links::carry(const caf::strong_actor_ptr& to, std::uint16_t kind, const std::shared_ptr<const frame>& what) {
  std::shared_ptr<link> by;
  {
    std::lock_guard lock{mutex_};
    if (auto found = links_.find({number_of(to->node()), plane::side::writes}); found != links_.end())
      by = found->second;
  }
  if (!by || *by->ended)
    return false;
  static_cast<void>(by->out->send(to->id(), kind, what));
  return true;
}

std::vector<links::outlet> links::outlets() const {
  std::vector<outlet> result;
  std::lock_guard lock{mutex_};
  for (const auto& [who, one] : links_)
    if (one->out && !*one->ended)
      result.push_back({who.first, one->out->way(), one->out->traffic()});
  return result;
}

std::uint64_t links::number_of(const caf::node_id& process) {
  return caf::hash::fnv<std::uint64_t>::compute(process);
}

void links::clear() {
  std::map<key, std::shared_ptr<link>> ended; // let go of without the lock
  std::lock_guard lock{mutex_};
  ended.swap(links_);
}

void links::close() {
  std::unique_ptr<plane::listener> listener;
  {
    std::lock_guard lock{mutex_};
    closed_ = true;
    listener = std::move(listener_);
  }
  listener.reset();
  clear();
}

void links::say(const std::string& sentence) const {
  if (log_)
    log_(sentence);
}

} // namespace drover
