#include "drover/gpu/device.hpp"

#include <doctest/doctest.h>

#include "updates.hpp"
#include "values.hpp"
#include <algorithm>
#include <limits>

namespace drover::gpu {

namespace {

/// One element by the struct's own function: what a device must do, without vectors.
template <class Rule>
float one(const Rule& rule, float w, float g, float* first, float* second) {
  if constexpr (Rule::slots == 0)
    return rule(w, g);
  else if constexpr (Rule::slots == 1)
    return rule(w, g, *first);
  else
    return rule(w, g, *first, *second);
}

struct memory {
  std::vector<float> weights, state;
};

/// Three updates of `size` parameters, each done piece by piece: `cuts` are the borders.
memory run(device& on, const element_update& rule, std::size_t size, const std::vector<std::size_t>& cuts) {
  auto order = on.make_stream();
  auto slots = state_slots(rule);
  memory result{test::values(size, 1), std::vector<float>(slots * size)};
  for (std::uint32_t step = 0; step < 3; ++step) {
    auto gradient = test::values(size, 100 + step);
    for (std::size_t piece = 0; piece + 1 < cuts.size(); ++piece) {
      auto first = cuts[piece];
      auto count = cuts[piece + 1] - first;
      // The state of a piece lies slot after slot, as a shard keeps it.
      std::vector<float> state;
      for (std::size_t slot = 0; slot < slots; ++slot)
        state.insert(state.end(), result.state.begin() + static_cast<std::ptrdiff_t>(slot * size + first),
                     result.state.begin() + static_cast<std::ptrdiff_t>(slot * size + first + count));
      auto weights = std::span(result.weights).subspan(first, count);
      on.update(*order, {rule, weights, std::span(gradient).subspan(first, count), weights, state});
      for (std::size_t slot = 0; slot < slots; ++slot)
        std::copy_n(state.begin() + static_cast<std::ptrdiff_t>(slot * count), count,
                    result.state.begin() + static_cast<std::ptrdiff_t>(slot * size + first));
    }
  }
  return result;
}

} // namespace

TEST_CASE("an update gives the same bits wherever the range is cut") {
  auto device = make_cpu_device();
  constexpr std::size_t size = 1003;
  for (const auto& rule : drover::test::every_update) {
    auto whole = run(*device, rule, size, {0, size});
    for (const auto& cuts : std::vector<std::vector<std::size_t>>{
             {0, 1, size}, {0, 3, 16, 17, 50, 999, size}, {0, 511, 512, 529, 530, 531, size}}) {
      auto pieces = run(*device, rule, size, cuts);
      CAPTURE(rule.index());
      CHECK(pieces.weights == whole.weights);
      CHECK(pieces.state == whole.state);
    }
  }
}

TEST_CASE("an update gives the same bits as the rule's function, element by element") {
  auto device = make_cpu_device();
  constexpr std::size_t size = 1003;
  for (const auto& rule : drover::test::every_update) {
    auto found = run(*device, rule, size, {0, size});
    memory wanted{test::values(size, 1), std::vector<float>(2 * size)};
    for (std::uint32_t step = 0; step < 3; ++step) {
      auto gradient = test::values(size, 100 + step);
      for (std::size_t i = 0; i < size; ++i)
        wanted.weights[i] = std::visit(
            [&](const auto& chosen) {
              return one(chosen, wanted.weights[i], gradient[i], &wanted.state[i], &wanted.state[size + i]);
            },
            rule);
    }
    CAPTURE(rule.index());
    CHECK(found.weights == wanted.weights);
    CHECK(std::equal(found.state.begin(), found.state.end(), wanted.state.begin()));
  }
}

TEST_CASE("an update may write elsewhere and then leaves what it read alone") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  constexpr std::size_t size = 77;
  for (const auto& rule : drover::test::every_update) {
    auto before = test::values(size, 1);
    auto gradient = test::values(size, 2);
    auto in_place = before;
    std::vector<float> after(size), state(state_slots(rule) * size), other_state(state.size());
    device->update(*order, {rule, before, gradient, after, state});
    device->update(*order, {rule, in_place, gradient, in_place, other_state});
    CHECK(before == test::values(size, 1));
    CHECK(after == in_place);
    CHECK(state == other_state);
    CHECK(after != before);
  }
}

TEST_CASE("an update without the state that its rule needs is refused with a sentence") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  std::vector<float> four(4);
  CHECK_THROWS_WITH_AS(device->update(*order, {adam_update{}, four, four, four, four}),
                       "update: state has 4 floats, needs 8", error);
}

} // namespace drover::gpu

TEST_CASE("state that decays towards nothing becomes 0 and not a denormal number") {
  auto device = drover::gpu::make_cpu_device();
  auto stream = device->make_stream();
  std::vector<float> weights(64, 1.0f);
  std::vector<float> gradient(64, 0.0f);
  std::vector<float> velocity(64, std::numeric_limits<float>::min());
  device->update(*stream,
                 {.rule = drover::gpu::momentum_update{.learning_rate = 0.1f, .momentum = 0.5f, .weight_decay = 0},
                  .before = weights,
                  .gradient = gradient,
                  .after = weights,
                  .state = velocity});
  stream->synchronize();
  for (auto value : velocity)
    CHECK(value == 0.0f);
}
