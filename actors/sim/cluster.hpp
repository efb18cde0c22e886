#pragma once

#include "drover/actors/sim/message_chances.hpp"
#include "drover/actors/sim/virtual_time.hpp"
#include "drover/messages/cluster.capnp.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace capnp {
class MallocMessageBuilder;
}

namespace drover::sim {

/// How long a step of training takes; see StepTime in cluster.capnp.
struct step_time {
  double median_ns = 0; ///< of pareto: the shortest; factors of the group and of stragglers are in it
  messages::StepDistribution distribution = messages::StepDistribution::CONSTANT;
  double sigma = 0;
  double alpha = 0;
  nanoseconds period = 0;     ///< 0: never slow
  nanoseconds slow_part = 0;  ///< of each period, from its beginning
  nanoseconds first_slow = 0; ///< shift of the periods
  double slow_factor = 1;
};

/// One machine. What it holds is what MachineGroup in cluster.capnp says.
struct machine {
  std::string name;
  std::uint32_t group = 0;
  std::uint32_t rack = 0;
  std::uint32_t shards_max = 0;
  std::uint32_t workers_max = 0; ///< none is 0, any number the largest
  std::uint32_t cores = 0;       ///< 0: any number
  std::uint64_t memory_bytes = 0;
  step_time step;
  nanoseconds message_cost = 0;
  nanoseconds crowded_cost = 0; ///< of a step, where there are more workers than cores
  double apply_ns_per_byte = 0;
  double copy_ns_per_byte = 0;
};

struct link {
  nanoseconds latency = 0;
  double ns_per_byte = 0;
  nanoseconds jitter_max = 0;
  message_chances chances;
};

/// One entry of the fault list, with its machines by index, ascending.
struct fault {
  messages::FaultKind kind = messages::FaultKind::CRASH;
  std::vector<std::uint32_t> machines;
  nanoseconds at = 0;
  double mean_ns = 0; ///< 0: once
  nanoseconds duration = 0;
  double factor = 1;
  message_chances chances;
};

/// A simulated cluster, validated: what the schema in messages/cluster.capnp describes, with every machine by itself
/// and every name resolved. Immutable; copies share; any thread may read. Reading throws std::invalid_argument with a
/// sentence that has the file, the line and the field.
class cluster {
public:
  /// Most machines of all groups together.
  static constexpr std::uint64_t machines_max = 100'000;

  [[nodiscard]] static cluster from_file(const std::filesystem::path& file);
  /// `name` stands for the file in sentences.
  [[nodiscard]] static cluster from_json(std::string name, std::string text);
  /// One of `preset_names()`; refuses others by naming the nearest.
  [[nodiscard]] static cluster preset(std::string_view name);

  [[nodiscard]] std::span<const machine> machines() const { return value_->machines; }
  [[nodiscard]] std::span<const std::string> racks() const { return value_->racks; }
  [[nodiscard]] std::span<const fault> faults() const { return value_->faults; }
  [[nodiscard]] std::span<const link> links() const { return value_->links; }

  /// Which of `links()` joins two machines, or a machine to itself. Between machines of different racks it is shared
  /// by all machines of the racks unless it `is_own` of the two.
  struct route {
    std::uint32_t link = 0;
    bool is_own = false;
  };
  [[nodiscard]] route route_between(std::uint32_t from, std::uint32_t to) const;
  /// The link within a rack, whose bandwidth is that of each of its machines towards all others.
  [[nodiscard]] std::uint32_t link_within(std::uint32_t rack) const;

  /// Where the machines are described, for a sentence: "cluster.json, line 2: machines".
  [[nodiscard]] const std::string& place() const { return value_->place; }
  /// The same of one machine's group: "cluster.json, line 12: machines[1]".
  [[nodiscard]] const std::string& place_of(const machine& one) const { return value_->group_places[one.group]; }

  /// The description, as JSON that `from_json` reads; without fields that have their default.
  [[nodiscard]] std::string to_json() const;

private:
  friend class cluster_builder;

  using index_pair = std::pair<std::uint32_t, std::uint32_t>; ///< the smaller first
  struct contents {
    std::shared_ptr<const capnp::MallocMessageBuilder> description;
    std::string place;
    std::vector<std::string> group_places;
    std::vector<machine> machines;
    std::vector<std::string> racks;
    // The first three: within a machine, within a rack, between racks.
    std::vector<link> links;
    std::map<index_pair, std::uint32_t> machine_links; ///< by two machines
    std::map<index_pair, std::uint32_t> rack_links;    ///< by two racks
    std::vector<fault> faults;
  };

  explicit cluster(std::shared_ptr<const contents> value) : value_(std::move(value)) {}

  std::shared_ptr<const contents> value_;
};

/// Names of the presets, in the order in which they are shown.
[[nodiscard]] std::span<const std::string> preset_names();

} // namespace drover::sim
