#include "drover/actors/sim/network.hpp"

#include <algorithm>

namespace drover::sim {

namespace {

/// Something that does one thing after the other gets `duration` more to do; when it will be done.
nanoseconds occupy(nanoseconds& busy_until, nanoseconds now, double duration) {
  busy_until = later(std::max(busy_until, now), whole_nanoseconds(duration));
  return busy_until;
}

nanoseconds up_to(nanoseconds bound, random_stream& draws) {
  return static_cast<nanoseconds>(draws.below(static_cast<std::uint64_t>(bound) + 1));
}

} // namespace

network::network(cluster on, std::uint64_t seed)
    : cluster_(std::move(on)), seed_(seed), sends_until_(cluster_.machines().size()),
      receives_until_(cluster_.machines().size()), side_(cluster_.machines().size()),
      slow_(cluster_.machines().size()) {}

network::pair_state network::first_talk(std::uint32_t from, std::uint32_t to) {
  auto route = cluster_.route_between(from, to);
  pair_state result{random_stream{seed_, "network", from, to}, -1, 0, route.link, none, route.is_own};
  auto racks = std::pair{cluster_.machines()[from].rack, cluster_.machines()[to].rack};
  if (!route.is_own && racks.first != racks.second) {
    auto [found, is_new] = rack_links_.emplace(racks, static_cast<std::uint32_t>(rack_links_until_.size()));
    if (is_new)
      rack_links_until_.push_back(0);
    result.rack_link = found->second;
  }
  return result;
}

void network::slowness::begin(std::uint64_t occurrence, double by) {
  active.emplace(occurrence, by);
  factor = std::max(factor, by);
}

void network::slowness::end(std::uint64_t occurrence) {
  active.erase(occurrence);
  factor = 1;
  for (const auto& [other, by] : active)
    factor = std::max(factor, by);
}

nanoseconds network::through(pair_state& pair, std::uint32_t from, std::uint32_t to, double bytes, nanoseconds now) {
  auto links = cluster_.links();
  auto machines = cluster_.machines();
  if (pair.is_own)
    return occupy(pair.own_busy_until, now, bytes * links[pair.link].ns_per_byte * slowness_between(from, to));
  // A slow side keeps only itself busy for longer: others use the rest.
  auto sends = links[cluster_.link_within(machines[from].rack)].ns_per_byte * slow_[from].factor;
  auto receives = links[cluster_.link_within(machines[to].rack)].ns_per_byte * slow_[to].factor;
  auto done =
      std::max(occupy(sends_until_[from], now, bytes * sends), occupy(receives_until_[to], now, bytes * receives));
  if (pair.rack_link != none)
    done = std::max(done, occupy(rack_links_until_[pair.rack_link], now, bytes * links[pair.link].ns_per_byte));
  return done;
}

double network::slowness_between(std::uint32_t from, std::uint32_t to) const {
  return from == to ? 1 : std::max(slow_[from].factor, slow_[to].factor);
}

message_chances network::chances_between(std::uint32_t from, std::uint32_t to, const link& way) const {
  auto result = way.chances;
  if (from == to || unreliable_.empty())
    return result;
  for (auto end : {from, to})
    if (auto found = unreliable_.find(end); found != unreliable_.end())
      for (const auto& [occurrence, chances] : found->second)
        result = larger(result, chances);
  return result;
}

network::arrivals network::send(std::uint32_t from, std::uint32_t to, std::uint64_t bytes, nanoseconds now) {
  ++counts_.sent;
  counts_.bytes += bytes;
  if (are_separated(from, to)) {
    ++counts_.cut;
    return {};
  }
  auto key = std::uint64_t{from} << 32 | to;
  auto& pair = pairs_.get(key, [&] { return first_talk(from, to); });
  const auto& way = cluster_.links()[pair.link];
  auto chances = chances_between(from, to, way);
  auto done = through(pair, from, to, static_cast<double>(bytes), now);
  if (pair.draws.chance(chances.loss)) {
    ++counts_.lost;
    return {};
  }
  auto delay = way.latency + (way.jitter_max > 0 ? up_to(way.jitter_max, pair.draws) : 0);
  auto arrival = later(done, whole_nanoseconds(static_cast<double>(delay) * slowness_between(from, to)));
  if (pair.draws.chance(chances.delay)) {
    ++counts_.delayed;
    arrival = later(arrival, up_to(chances.delay_max, pair.draws));
  }
  arrival = std::max(arrival, pair.last_arrival + 1);
  arrivals result;
  if (pair.draws.chance(chances.reorder)) {
    ++counts_.reordered;
    arrival = later(arrival, up_to(chances.reorder_max, pair.draws));
  } else {
    pair.last_arrival = arrival;
  }
  result.at[result.count++] = arrival;
  if (pair.draws.chance(chances.duplicate)) {
    ++counts_.duplicated;
    // The sender's second try, after it missed an answer for a while.
    result.at[result.count++] = later(arrival, 1 + up_to(2 * way.latency, pair.draws));
  }
  return result;
}

void network::apply(const fault_event& event) {
  using what = fault_event::what;
  for (auto one : event.machines) {
    switch (event.kind) {
    case what::partition_begin:
    case what::partition_end:
      side_[one] ^= random_bits::key(seed_, "partition", event.occurrence);
      break;
    case what::slow_begin:
      slow_[one].begin(event.occurrence, event.factor);
      break;
    case what::slow_end:
      slow_[one].end(event.occurrence);
      break;
    case what::unreliable_begin:
      unreliable_[one].emplace(event.occurrence, *event.chances);
      break;
    case what::unreliable_end:
      unreliable_[one].erase(event.occurrence);
      if (unreliable_[one].empty())
        unreliable_.erase(one);
      break;
    default:
      return;
    }
  }
}

} // namespace drover::sim
