#include "cut_model.hpp"

#include <drover/models/shared_tensor.hpp>

#include "simplex.hpp"
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <variant>

cut_model::cut_model(std::size_t nodes, std::size_t terminals) : nodes_(nodes), terminals_(terminals) {
  for (auto* each : {&one_, &other_}) {
    each->before.resize(terminals);
    each->after.resize(terminals);
  }
}

std::vector<drover::tensor_spec> cut_model::tensors() const {
  auto alike = 1 / static_cast<float>(terminals_);
  return {{"sides", {nodes_, terminals_}, {drover::initializer::kind::constant, alike}}};
}

drover::batch_result cut_model::gradient(const drover::batch&, drover::const_parameters, drover::mutable_parameters) {
  throw std::logic_error("a graph cut goes back onto the simplex after each step: let the consistency be hogwild");
}

drover::batch_result cut_model::evaluate(const drover::batch& samples, drover::const_parameters parameters) {
  drover::batch_result result{.samples = samples.size(), .has_classes = false};
  for (auto sample : samples.samples)
    result.loss_sum += static_cast<double>(read((*samples.rows)[sample], parameters.tensor(0)));
  return result;
}

void cut_model::predict(const drover::batch& samples, drover::const_parameters parameters, std::span<float> scores) {
  for (std::size_t i = 0; i < samples.size(); ++i)
    scores[i] = read((*samples.rows)[samples.samples[i]], parameters.tensor(0));
}

drover::in_place_result cut_model::learn(const drover::batch& samples, const drover::in_place_parameters& parameters,
                                         const drover::gpu::element_update& rule) {
  const auto* sgd = std::get_if<drover::gpu::sgd_update>(&rule);
  if (sgd == nullptr)
    throw std::invalid_argument("a graph cut learns by sgd: let the optimizer be that");
  const drover::shared_tensor sides{parameters, 0, 0};
  auto watched = seen_.watched();
  auto lost = seen_.lost();
  drover::batch_result result{.samples = samples.size(), .has_classes = false};
  for (auto sample : samples.samples) {
    auto edge = (*samples.rows)[sample];
    result.loss_sum += static_cast<double>(read(edge, sides.values));
    step(sgd->learning_rate * edge.values[0] / 2, sides.values);
  }
  return {result, seen_.watched() - watched, seen_.lost() - lost};
}

float cut_model::read(const drover::sparse_rows_view::row& edge, std::span<const float> sides) {
  if (edge.columns.size() != 2)
    throw std::invalid_argument("an edge has two nodes, and a sample has " + std::to_string(edge.columns.size()));
  read(one_, edge.columns[0], sides);
  read(other_, edge.columns[1], sides);
  float distance = 0;
  for (std::size_t k = 0; k < terminals_; ++k)
    distance += std::fabs(one_.before[k] - other_.before[k]);
  return edge.values[0] * distance / 2;
}

void cut_model::read(end& into, std::uint32_t node, std::span<const float> sides) const {
  into.node = node;
  for (std::size_t k = 0; k < terminals_; ++k)
    if (node < nodes_)
      into.before[k] = drover::read_shared(sides[node * terminals_ + k]);
    else
      into.before[k] = node - nodes_ == k ? 1.0f : 0.0f;
}

void cut_model::step(float length, std::span<float> sides) {
  for (std::size_t k = 0; k < terminals_; ++k) {
    auto apart = one_.before[k] - other_.before[k];
    auto towards = apart > 0 ? length : apart < 0 ? -length : 0.0f;
    one_.after[k] = one_.before[k] - towards;
    other_.after[k] = other_.before[k] + towards;
  }
  auto is_watched = seen_.next_is_watched();
  write(one_, sides, is_watched);
  write(other_, sides, is_watched);
}

void cut_model::write(end& from, std::span<float> sides, bool is_watched) {
  if (from.node >= nodes_)
    return; // terminals stay where they are
  project_onto_simplex(from.after, sorted_);
  for (std::size_t k = 0; k < terminals_; ++k) {
    auto& to = sides[from.node * terminals_ + k];
    if (is_watched)
      seen_.write(to, from.before[k], from.after[k]);
    else if (from.after[k] != from.before[k])
      drover::write_shared(to, from.after[k]);
  }
}

std::vector<std::uint32_t> rounded(std::span<const float> sides, std::size_t terminals) {
  std::vector<std::uint32_t> result;
  for (std::size_t row = 0; row + terminals <= sides.size(); row += terminals) {
    auto of_node = sides.subspan(row, terminals);
    result.push_back(static_cast<std::uint32_t>(std::ranges::max_element(of_node) - of_node.begin()));
  }
  return result;
}
