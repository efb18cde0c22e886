#include "drover/actors/core/printable.hpp"
#include "drover/actors/sim/cluster_builder.hpp"
#include "drover/models/nearest.hpp"

#include <algorithm>

namespace drover::sim {

namespace {

link read_link(messages::Link::Reader source, const message_chances& everywhere) {
  auto latency = from_seconds(source.getLatencySeconds());
  return {latency, 1e9 / source.getBytesPerSecond(),
          whole_nanoseconds(static_cast<double>(latency) * source.getJitter()),
          larger(everywhere, message_chances::of(source.getChances()))};
}

} // namespace

void cluster_builder::add_links(messages::Cluster::Reader description) {
  auto everywhere = message_chances::of(description.getChances());
  for (const auto* name : {"withinMachine", "withinRack", "betweenRacks"})
    if (source_.gives(std::string{name} + ".between"))
      source_.refuse(std::string{name} + ".between", "is given: only links have it, in the list called links");
  // Nothing is lost between members on the same machine unless its own link says so.
  value_.links = {read_link(description.getWithinMachine(), {}), read_link(description.getWithinRack(), everywhere),
                  read_link(description.getBetweenRacks(), everywhere)};
  racks_are_linked_ = description.hasBetweenRacks();
  for (unsigned i = 0; i < description.getLinks().size(); ++i)
    add_link(description.getLinks()[i], everywhere, "links[" + std::to_string(i) + ']');
}

void cluster_builder::add_link(messages::Link::Reader one, const message_chances& everywhere, const std::string& path) {
  auto between = one.getBetween();
  if (between.size() != 2)
    source_.refuse(path + ".between", "does not have two names: a link is between two racks or two machines");
  std::vector<std::uint32_t> ends;
  std::vector<bool> is_rack;
  for (unsigned i = 0; i < 2; ++i) {
    auto at = path + ".between[" + std::to_string(i) + ']';
    std::string name = between[i].cStr();
    auto end = find(name, at);
    if (end.what == named::kind::group && end.count != 1)
      source_.refuse(at, "is " + printable(name) + ", a group of " + std::to_string(end.count) +
                             " machines: a link is between two racks or two machines");
    ends.push_back(end.first);
    is_rack.push_back(end.what == named::kind::rack);
  }
  if (is_rack[0] != is_rack[1])
    source_.refuse(path + ".between", "names a rack and a machine: a link is between two racks or two machines");
  auto is_inside = !is_rack[0] && ends[0] == ends[1];
  auto& table = is_rack[0] ? value_.rack_links : value_.machine_links;
  auto index = static_cast<std::uint32_t>(value_.links.size());
  if (!table.emplace(std::minmax(ends[0], ends[1]), index).second)
    source_.refuse(path + ".between", "names " + printable(between[0].cStr()) + " and " + printable(between[1].cStr()) +
                                          ", between which there is a link above");
  value_.links.push_back(read_link(one, is_inside ? message_chances{} : everywhere));
}

void cluster_builder::check_racks_are_linked() const {
  if (racks_are_linked_)
    return;
  for (std::uint32_t one = 0; one < value_.racks.size(); ++one)
    for (auto other = one + 1; other < value_.racks.size(); ++other)
      if (!value_.rack_links.contains({one, other}))
        source_.refuse("links", "has no link between the racks " + printable(value_.racks[one]) + " and " +
                                    printable(value_.racks[other]) +
                                    ": each two racks need one, or betweenRacks says it for all");
}

cluster_builder::named cluster_builder::find(const std::string& name, const std::string& path) const {
  auto found = names_.find(name);
  if (found != names_.end())
    return found->second;
  // A cluster can have a million names; the nearest among many helps nobody who waits for it.
  constexpr std::size_t candidates_max = 1000;
  std::vector<std::string> candidates;
  for (const auto& [candidate, meaning] : names_)
    if (meaning.what != named::kind::machine || names_.size() <= candidates_max)
      candidates.push_back(printable(candidate));
  candidates.resize(std::min(candidates.size(), candidates_max));
  auto shown = printable(name);
  source_.refuse(path, "is " + (shown.empty() ? "empty" : shown) + ", which no machine, group or rack is called: did " +
                           "you mean " + nearest(shown, candidates) + '?');
}

} // namespace drover::sim
