#pragma once

#include "drover/actors/sim/cluster.hpp"
#include "drover/actors/sim/json_source.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace drover::sim {

/// Makes a cluster of its description: expands groups, resolves names, and refuses what fields say against each other.
/// For one description; the parts are in cluster_machines.cpp, cluster_links.cpp and cluster_faults.cpp.
class cluster_builder {
public:
  // Places of the general links among the cluster's.
  static constexpr std::uint32_t within_machine = 0;
  static constexpr std::uint32_t within_rack = 1;
  static constexpr std::uint32_t between_racks = 2;

  /// So that a short file cannot ask for any memory.
  static constexpr std::uint64_t fault_machines_max = 1'000'000;
  /// So that a simulation comes to something else than faults.
  static constexpr double mean_seconds_min = 0.001;

  explicit cluster_builder(json_source source) : source_(std::move(source)) {}

  [[nodiscard]] cluster build();

private:
  /// A half-open range of machine indices, or a rack, whose machines need not lie in one.
  struct named {
    enum class kind { machine, group, rack };
    kind what;
    std::uint32_t first; ///< the rack's index, for a rack
    std::uint32_t count;
  };

  void add_group(messages::MachineGroup::Reader group, const std::string& path);
  void add_stragglers(messages::MachineGroup::Reader group, std::uint32_t first, const std::string& path);
  [[nodiscard]] step_time step_of(messages::MachineGroup::Reader group, std::uint32_t index) const;
  [[nodiscard]] std::uint32_t rack_of(const std::string& name, const std::string& path);
  void add_name(const std::string& name, named meaning, const std::string& path);
  [[nodiscard]] named find(const std::string& name, const std::string& path) const;

  void add_links(messages::Cluster::Reader description);
  void add_link(messages::Link::Reader one, const message_chances& everywhere, const std::string& path);
  void check_racks_are_linked() const;

  void add_fault(messages::Fault::Reader one, const std::string& path);
  void refuse_idle_fields(messages::FaultKind kind, const std::string& path) const;
  void refuse_short_mean(double seconds, const std::string& path) const;
  [[nodiscard]] std::vector<std::uint32_t> machines_of(messages::Fault::Reader one, const std::string& path) const;

  json_source source_;
  cluster::contents value_;
  std::map<std::string, named, std::less<>> names_;
  std::vector<std::vector<std::uint32_t>> rack_machines_; ///< ascending
  bool racks_are_linked_ = false;
  std::uint64_t fault_machines_ = 0;
};

} // namespace drover::sim
