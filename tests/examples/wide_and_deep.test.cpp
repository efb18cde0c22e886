#include "drover/models/random.hpp"

#include <doctest/doctest.h>

#include "examples/wide_and_deep/deep_part.hpp"
#include "examples/wide_and_deep/summed_model.hpp"
#include "examples/wide_and_deep/wide_part.hpp"
#include <cmath>
#include <numeric>

namespace {

constexpr std::size_t width = 3; // of an embedding

using tensors = std::vector<std::vector<double>>;

/// By its definition, in double. Tensors: mean, user.weight, item.weight, user.embedding, item.embedding, then weight
/// and bias of each layer.
double predicted(const tensors& parameters, const drover::rating& sample) {
  auto knows_user = sample.user < parameters[1].size();
  auto knows_item = sample.item < parameters[2].size();
  auto result = parameters[0][0];
  result += knows_user ? parameters[1][sample.user] : 0;
  result += knows_item ? parameters[2][sample.item] : 0;
  std::vector<double> entering(2 * width);
  for (std::size_t k = 0; k < width; ++k) {
    entering[k] = knows_user ? parameters[3][sample.user * width + k] : 0;
    entering[width + k] = knows_item ? parameters[4][sample.item * width + k] : 0;
  }
  for (std::size_t tensor = 5; tensor < parameters.size(); tensor += 2) {
    auto leaving = parameters[tensor + 1];
    for (std::size_t j = 0; j < leaving.size(); ++j) {
      leaving[j] +=
          std::inner_product(entering.begin(), entering.end(),
                             parameters[tensor].begin() + static_cast<std::ptrdiff_t>(j * entering.size()), 0.0);
      if (tensor + 2 < parameters.size())
        leaving[j] = std::tanh(leaving[j]);
    }
    entering = leaving;
  }
  return result + entering[0];
}

/// The model with parameters of its own that are drawn already, and a gradient.
struct fixture {
  explicit fixture(std::size_t block_bytes)
      : device(drover::gpu::make_cpu_device()), made(3.5f), layout(tensors_of(*device, made), block_bytes),
        weights(device->allocate(layout.flat_size())), gradient(device->allocate(layout.flat_size())),
        from(drover::block_pointers(layout, static_cast<const float*>(weights.span().data()))),
        into(drover::block_pointers(layout, gradient.span().data())) {
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights.span()[i] = static_cast<float>(drover::random_bits::symmetric(drover::random_bits::at(1, i)));
      gradient.span()[i] = 1e9f;
    }
  }

  static std::vector<drover::tensor_spec> tensors_of(drover::gpu::device& device, summed_model& into) {
    const drover::data_shape shape{.users = 5, .items = 4};
    into.add(std::make_unique<wide_part>(shape, into.next_tensor()));
    into.add(std::make_unique<deep_part>(shape, drover::gpu::activation::tanh, device, into.next_tensor(),
                                         deep_part::sizes{.embedding = width, .hidden = {5, 4}}));
    return into.tensors();
  }

  [[nodiscard]] tensors in_double(const drover::gpu::buffer& flat) const {
    tensors result(layout.tensors().size());
    for (const auto& slab : layout.slabs()) {
      auto values = flat.span().subspan(slab.offset, slab.size);
      result[slab.tensor].insert(result[slab.tensor].end(), values.begin(), values.end());
    }
    return result;
  }

  std::unique_ptr<drover::gpu::device> device;
  summed_model made;
  drover::parameter_layout layout;
  drover::gpu::buffer weights, gradient;
  std::vector<const float*> from;
  std::vector<float*> into;
};

} // namespace

TEST_CASE("a wide and deep model's predictions and gradient are those of its definition, whatever the size of blocks") {
  // The last two are of a user and an item that nobody knows; user 3 rates twice, user 4 never.
  const std::vector<drover::rating> ratings{{0, 1, 4},
                                            {3, 3, 2},
                                            {1, 0, 5},
                                            {3, 2, 3.5f},
                                            {2, 1, 1},
                                            {drover::rating_unknown, 1, 2},
                                            {0, drover::rating_unknown, 3}};
  const std::vector<std::uint32_t> order{6, 0, 1, 2, 3, 4, 5};
  drover::batch samples;
  samples.samples = order;
  samples.ratings = ratings;
  for (std::size_t block_bytes : {std::size_t{1} << 20, std::size_t{32}}) {
    fixture problem{block_bytes};
    auto parameters = problem.in_double(problem.weights);
    CAPTURE(block_bytes);
    std::vector<float> found(samples.size());
    problem.made.predict(samples, {problem.layout, problem.from}, found);
    double squares = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      auto wanted = predicted(parameters, ratings[order[i]]);
      CHECK(static_cast<double>(found[i]) == doctest::Approx(wanted).epsilon(1e-5));
      squares += std::pow(wanted - static_cast<double>(ratings[order[i]].value), 2);
    }
    auto result = problem.made.gradient(samples, {problem.layout, problem.from}, {problem.layout, problem.into});
    CHECK(result.loss_sum == doctest::Approx(squares).epsilon(1e-5));
    CHECK(!result.has_classes);

    auto half_mean_loss = [&] {
      double sum = 0;
      for (const auto& each : ratings)
        sum += std::pow(predicted(parameters, each) - static_cast<double>(each.value), 2) / 2;
      return sum / static_cast<double>(ratings.size());
    };
    auto gradient = problem.in_double(problem.gradient);
    double worst = 0;
    for (std::size_t i = 0; i < parameters.size(); ++i)
      for (std::size_t j = 0; j < parameters[i].size(); ++j) {
        constexpr double step = 1e-6;
        auto value = parameters[i][j];
        parameters[i][j] = value + step;
        auto above = half_mean_loss();
        parameters[i][j] = value - step;
        auto below = half_mean_loss();
        parameters[i][j] = value;
        worst = std::max(worst, std::abs((above - below) / (2 * step) - gradient[i][j]));
      }
    CHECK(worst < 1e-5);
  }
}
