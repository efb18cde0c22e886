#include "drover/actors/core/printable.hpp"
#include "drover/actors/sim/cluster_builder.hpp"

#include <capnp/message.h>

#include <limits>
#include <memory>

namespace drover::sim {

namespace {

double ns_per_byte(double bytes_per_second) {
  return 1e9 / bytes_per_second;
}

std::string name_of(messages::MachineGroup::Reader group, std::uint32_t index) {
  std::string name = group.getName().cStr();
  return group.getCount() == 1 ? name : name + '-' + std::to_string(index);
}

} // namespace

cluster cluster_builder::build() {
  auto arena = std::make_shared<capnp::MallocMessageBuilder>();
  auto root = arena->initRoot<messages::Cluster>();
  source_.read_into(root);
  auto description = root.asReader();
  if (description.getMachines().size() == 0)
    source_.refuse("machines", "is empty: a cluster has at least one machine");
  value_.place = source_.place_of("machines");
  std::string path = "machines[";
  for (unsigned i = 0; i < description.getMachines().size(); ++i)
    add_group(description.getMachines()[i], path + std::to_string(i) + ']');
  add_links(description);
  check_racks_are_linked();
  for (unsigned i = 0; i < description.getFaults().size(); ++i)
    add_fault(description.getFaults()[i], "faults[" + std::to_string(i) + ']');
  value_.description = std::move(arena);
  return cluster{std::make_shared<const cluster::contents>(std::move(value_))};
}

void cluster_builder::add_group(messages::MachineGroup::Reader group, const std::string& path) {
  if (group.getName().size() == 0)
    source_.refuse(path + ".name", "is empty: machines are called by it");
  auto first = static_cast<std::uint32_t>(value_.machines.size());
  if (first + std::uint64_t{group.getCount()} > cluster::machines_max)
    source_.refuse(path + ".count", "is " + std::to_string(group.getCount()) + ", which makes " +
                                        std::to_string(first + std::uint64_t{group.getCount()}) +
                                        " machines: allowed are " + std::to_string(cluster::machines_max));
  machine one;
  one.group = static_cast<std::uint32_t>(value_.group_places.size());
  value_.group_places.push_back(source_.place_of(path));
  one.rack = rack_of(group.getRack().cStr(), path);
  one.shards_max = group.getShards();
  one.workers_max = group.getWorkers() == 0 ? std::numeric_limits<std::uint32_t>::max() : group.getWorkers();
  if (!group.getHostsWorkers()) {
    if (group.getWorkers() != 0)
      source_.refuse(path + ".workers", "is given, and hostsWorkers is false");
    one.workers_max = 0;
  }
  one.cores = group.getCores();
  one.memory_bytes = group.getMemoryBytes();
  one.message_cost = from_seconds(group.getMessageSeconds());
  one.crowded_cost = from_seconds(group.getCrowdedSeconds());
  one.apply_ns_per_byte = ns_per_byte(group.getApplyBytesPerSecond());
  one.copy_ns_per_byte = ns_per_byte(group.getCopyBytesPerSecond());
  add_name(group.getName().cStr(), {named::kind::group, first, group.getCount()}, path + ".name");
  for (std::uint32_t i = 0; i < group.getCount(); ++i) {
    one.name = name_of(group, i);
    one.step = step_of(group, i);
    if (group.getCount() > 1)
      add_name(one.name, {named::kind::machine, first + i, 1}, path + ".name");
    value_.machines.push_back(one);
    rack_machines_[one.rack].push_back(first + i);
  }
  add_stragglers(group, first, path);
}

void cluster_builder::add_stragglers(messages::MachineGroup::Reader group, std::uint32_t first,
                                     const std::string& path) {
  std::map<std::uint32_t, unsigned> seen;
  for (unsigned i = 0; i < group.getStragglers().size(); ++i) {
    auto one = group.getStragglers()[i];
    auto at = path + ".stragglers[" + std::to_string(i) + "].machine";
    if (one.getMachine() >= group.getCount())
      source_.refuse(at, "is " + std::to_string(one.getMachine()) + ": the group " + printable(group.getName().cStr()) +
                             " has machines 0 to " + std::to_string(group.getCount() - 1));
    if (!seen.emplace(one.getMachine(), i).second)
      source_.refuse(at, "is " + std::to_string(one.getMachine()) + ", and so is that of stragglers[" +
                             std::to_string(seen[one.getMachine()]) + ']');
    value_.machines[first + one.getMachine()].step.median_ns *= one.getFactor();
  }
}

step_time cluster_builder::step_of(messages::MachineGroup::Reader group, std::uint32_t index) const {
  auto source = group.getStep();
  step_time result;
  result.median_ns = source.getSeconds() * 1e9 * group.getFactor();
  result.distribution = source.getDistribution();
  result.sigma = source.getSigma();
  result.alpha = source.getAlpha();
  result.period = from_seconds(source.getPeriodSeconds());
  result.slow_part = whole_nanoseconds(static_cast<double>(result.period) * source.getSlowShare());
  result.first_slow = static_cast<nanoseconds>(static_cast<double>(result.period) / group.getCount() * index);
  result.slow_factor = source.getSlowFactor();
  return result;
}

std::uint32_t cluster_builder::rack_of(const std::string& name, const std::string& path) {
  auto found = names_.find(name);
  if (found != names_.end() && found->second.what == named::kind::rack)
    return found->second.first;
  if (name.empty())
    source_.refuse(path + ".rack", "is empty: links name racks");
  auto index = static_cast<std::uint32_t>(value_.racks.size());
  add_name(name, {named::kind::rack, index, 1}, path + ".rack");
  value_.racks.push_back(name);
  rack_machines_.emplace_back();
  return index;
}

void cluster_builder::add_name(const std::string& name, named meaning, const std::string& path) {
  auto [found, is_new] = names_.emplace(name, meaning);
  if (is_new)
    return;
  auto other = found->second.what == named::kind::rack    ? "a rack"
               : found->second.what == named::kind::group ? "another group"
                                                          : "a machine of another group";
  source_.refuse(path, "makes the name " + printable(name) + ", which " + other + " has, too");
}

} // namespace drover::sim
