#pragma once

#include <drover/models/data/dataset.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// What ties two nodes together; cutting it costs its weight.
struct edge {
  std::uint32_t one = 0;
  std::uint32_t other = 0;
  float weight = 0; ///< more than 0
};

/// A graph to cut so that each node stays with one terminal, made so that a good cut is known.
struct planted_graph {
  std::string name;
  std::size_t nodes = 0;     ///< without terminals
  std::size_t terminals = 0; ///< terminal t is node nodes + t
  std::vector<edge> edges;
  std::vector<std::uint32_t> planted; ///< the terminal of each node by which the graph was made

  /// Weight of the edges between different sides; `sides` has the terminal of each node.
  [[nodiscard]] double cut(std::span<const std::uint32_t> sides) const;
  /// Edges as samples: rows of the incidence matrix, with the weight at one node and minus it at the other.
  [[nodiscard]] std::shared_ptr<const drover::dataset> samples() const;
};

/// Mentions of things in texts: similar to what they mean and to each other, and now and then to what they do not mean.
[[nodiscard]] planted_graph entity_resolution(std::size_t entities, std::size_t mentions_each, std::uint64_t seed);

/// A picture of organs on a background: neighbouring pixels belong together, less so across borders, and each pixel's
/// brightness speaks for some organ, often the wrong one.
[[nodiscard]] planted_graph organs(std::size_t width, std::size_t height, std::uint64_t seed);
