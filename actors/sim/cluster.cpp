#include "drover/actors/sim/cluster.hpp"

#include "drover/actors/core/printable.hpp"
#include "drover/actors/sim/cluster_builder.hpp"
#include "drover/actors/sim/json_source.hpp"
#include "drover/actors/sim/presets.hpp"
#include "drover/models/nearest.hpp"

#include <algorithm>
#include <stdexcept>

namespace drover::sim {

namespace {

constexpr const char* thing = "a cluster";

} // namespace

cluster cluster::from_file(const std::filesystem::path& file) {
  return cluster_builder{json_source::from_file(file, thing)}.build();
}

cluster cluster::from_json(std::string name, std::string text) {
  return cluster_builder{json_source{std::move(name), thing, std::move(text)}}.build();
}

cluster cluster::preset(std::string_view name) {
  auto found = std::ranges::find(presets, name, &named_preset::name);
  if (found == std::end(presets))
    throw std::invalid_argument("there is no cluster " + printable(name) + ": did you mean " +
                                nearest(name, preset_names()) + "? There are " + joined(preset_names()));
  return from_json("preset " + std::string{name}, std::string{found->json});
}

std::span<const std::string> preset_names() {
  static const auto names = [] {
    std::vector<std::string> result;
    for (const auto& one : presets)
      result.emplace_back(one.name);
    return result;
  }();
  return names;
}

cluster::route cluster::route_between(std::uint32_t from, std::uint32_t to) const {
  auto own = value_->machine_links.find(std::minmax(from, to));
  if (own != value_->machine_links.end())
    return {own->second, true};
  if (from == to)
    return {cluster_builder::within_machine, true};
  auto racks = std::minmax(value_->machines[from].rack, value_->machines[to].rack);
  if (racks.first == racks.second)
    return {link_within(racks.first), false};
  auto shared = value_->rack_links.find(racks);
  return {shared == value_->rack_links.end() ? cluster_builder::between_racks : shared->second, false};
}

std::uint32_t cluster::link_within(std::uint32_t rack) const {
  auto own = value_->rack_links.find({rack, rack});
  return own == value_->rack_links.end() ? cluster_builder::within_rack : own->second;
}

std::string cluster::to_json() const {
  // Reading changes nothing; Cap'n Proto hands out a root by way of a builder only.
  auto& arena = const_cast<capnp::MallocMessageBuilder&>(*value_->description);
  return json_text(arena.getRoot<messages::Cluster>().asReader());
}

} // namespace drover::sim
