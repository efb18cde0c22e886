#pragma once

#include <drover/models/in_place.hpp>
#include <drover/models/model.hpp>
#include <drover/models/shared_float.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Multi-way graph cuts, relaxed (Niu, Recht, Ré and Wright 2011, section 2): each node has a point of the simplex, how
/// much it is at each terminal's side; terminals are its corners and are not learned. Minimises the sum over edges of
/// w |x_u - x_v|_1 / 2, which is the cut's weight where all points are corners. A sample is an edge, see
/// planted_graph::samples. Learns in place only: a step against the edge's subgradient, and both nodes back onto the
/// simplex. Of a row that two workers write at once, elements of both may stay until the row's next step.
class cut_model final : public drover::model, private drover::in_place_learner {
public:
  /// For so many nodes, terminals not among them.
  cut_model(std::size_t nodes, std::size_t terminals);

  /// One tensor, `sides`, nodes x terminals; every node at all sides alike at first.
  [[nodiscard]] std::vector<drover::tensor_spec> tensors() const override;
  [[nodiscard]] std::size_t outputs() const override { return 1; }
  /// Throws std::logic_error: whoever adds up gradients knows no simplex.
  drover::batch_result gradient(const drover::batch& samples, drover::const_parameters parameters,
                                drover::mutable_parameters gradient) override;
  drover::batch_result evaluate(const drover::batch& samples, drover::const_parameters parameters) override;
  /// How much of each edge's weight is cut.
  void predict(const drover::batch& samples, drover::const_parameters parameters, std::span<float> scores) override;
  [[nodiscard]] drover::in_place_learner* in_place() override { return this; }

private:
  /// Throws std::invalid_argument with a sentence for rules other than sgd.
  drover::in_place_result learn(const drover::batch& samples, const drover::in_place_parameters& parameters,
                                const drover::gpu::element_update& rule) override;

  /// A node of an edge: its row as it was read, and as it is to be.
  struct end {
    std::uint32_t node = 0;
    std::vector<float> before;
    std::vector<float> after;
  };

  /// Reads both ends of an edge. Returns how much of its weight is cut.
  float read(const drover::sparse_rows_view::row& edge, std::span<const float> sides);
  void read(end& into, std::uint32_t node, std::span<const float> sides) const;
  /// Takes a step of this length against the subgradient of |x_u - x_v|_1, from what was read.
  void step(float length, std::span<float> sides);
  void write(end& from, std::span<float> sides, bool is_watched);

  std::size_t nodes_;
  std::size_t terminals_;
  end one_;
  end other_;
  std::vector<float> sorted_;
  drover::lost_updates seen_;
};

/// The terminal that each node is most with.
[[nodiscard]] std::vector<std::uint32_t> rounded(std::span<const float> sides, std::size_t terminals);
