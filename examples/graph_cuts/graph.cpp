#include "graph.hpp"

#include <drover/models/data/sparse_dataset.hpp>
#include <drover/models/random.hpp>

#include <algorithm>
#include <array>

namespace {

/// Draws what the graphs are made of.
class dice {
public:
  explicit dice(std::uint64_t seed) : bits_(seed) {}

  std::uint32_t below(std::size_t bound) { return static_cast<std::uint32_t>(bits_.below(bound)); }
  float between(float low, float high) {
    auto unit = static_cast<float>((drover::random_bits::symmetric(bits_.next()) + 1) / 2);
    return low + (high - low) * unit;
  }
  bool happens(float probability) { return between(0, 1) < probability; }

private:
  drover::random_sequence bits_;
};

} // namespace

double planted_graph::cut(std::span<const std::uint32_t> sides) const {
  auto side = [&](std::uint32_t node) { return node < nodes ? sides[node] : node - nodes; };
  double sum = 0;
  for (const auto& each : edges)
    if (side(each.one) != side(each.other))
      sum += static_cast<double>(each.weight);
  return sum;
}

std::shared_ptr<const drover::dataset> planted_graph::samples() const {
  drover::sparse_rows rows;
  for (const auto& each : edges) {
    auto [low, high] = std::minmax(each.one, each.other);
    rows.columns.insert(rows.columns.end(), {low, high});
    rows.values.insert(rows.values.end(), {each.weight, -each.weight});
    rows.ends.push_back(rows.columns.size());
    rows.labels.push_back(0);
  }
  drover::data_shape shape;
  shape.features = nodes + terminals;
  return std::make_shared<drover::sparse_dataset>(shape, std::move(rows), std::vector<std::uint32_t>{});
}

planted_graph entity_resolution(std::size_t entities, std::size_t mentions_each, std::uint64_t seed) {
  constexpr int similar = 6;
  constexpr int misleading = 3;
  planted_graph result{"entities", entities * mentions_each, entities, {}, {}};
  dice random{seed};
  for (std::uint32_t node = 0; node < result.nodes; ++node) {
    auto entity = static_cast<std::uint32_t>(node / mentions_each);
    result.planted.push_back(entity);
    auto connect = [&](std::size_t other, float low, float high) {
      if (other != node)
        result.edges.push_back({node, static_cast<std::uint32_t>(other), random.between(low, high)});
    };
    // Some are written as the entity is called, some as another one is.
    if (random.happens(0.6f))
      connect(result.nodes + entity, 1, 2);
    if (random.happens(0.2f))
      connect(result.nodes + random.below(entities), 1, 2);
    for (int i = 0; i < similar; ++i)
      connect(entity * mentions_each + random.below(mentions_each), 0.3f, 1);
    for (int i = 0; i < misleading; ++i)
      connect(random.below(result.nodes), 0, 0.2f);
  }
  return result;
}

planted_graph organs(std::size_t width, std::size_t height, std::uint64_t seed) {
  // Ellipses, in parts of the picture.
  struct organ {
    float x, y, width, height;
  };
  constexpr std::array<organ, 4> all{{{0.3f, 0.35f, 0.2f, 0.25f},
                                      {0.72f, 0.3f, 0.15f, 0.2f},
                                      {0.35f, 0.8f, 0.25f, 0.12f},
                                      {0.75f, 0.7f, 0.12f, 0.2f}}};
  planted_graph result{"organs", width * height, all.size() + 1, {}, {}};
  dice random{seed};
  for (std::size_t node = 0; node < result.nodes; ++node) {
    auto x = static_cast<float>(node % width) / static_cast<float>(width);
    auto y = static_cast<float>(node / width) / static_cast<float>(height);
    auto covers = [&](const organ& one) {
      auto right = (x - one.x) / one.width;
      auto down = (y - one.y) / one.height;
      return right * right + down * down < 1;
    };
    // Behind the organs is the background.
    result.planted.push_back(static_cast<std::uint32_t>(std::ranges::find_if(all, covers) - all.begin()));
  }
  for (std::uint32_t node = 0; node < result.nodes; ++node) {
    auto connect = [&](std::size_t other) {
      auto together = result.planted[node] == result.planted[other];
      result.edges.push_back({node, static_cast<std::uint32_t>(other), random.between(0, together ? 1 : 0.2f)});
    };
    if (node % width + 1 < width)
      connect(node + 1);
    if (node + width < result.nodes)
      connect(node + width);
    auto seen = random.happens(0.6f) ? result.planted[node] : random.below(result.terminals);
    result.edges.push_back({node, static_cast<std::uint32_t>(result.nodes + seen), random.between(0, 1)});
  }
  return result;
}
