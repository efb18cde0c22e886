#include "drover/models/data/batch_source.hpp"

#include "drover/models/data/dense_dataset.hpp"

#include <doctest/doctest.h>

#include "temporary_folder.hpp"
#include <algorithm>
#include <numeric>
#include <set>
#include <thread>

namespace drover {

namespace {

/// Sample i has i as its one feature.
std::shared_ptr<const dataset> numbered(std::size_t count) {
  std::vector<float> features(count);
  std::iota(features.begin(), features.end(), 0.0f);
  return std::make_shared<dense_dataset>(data_shape{.features = 1, .classes = 1}, std::move(features),
                                         std::vector<std::uint32_t>(count));
}

/// Samples of step t, worker after worker.
std::vector<float> step(std::vector<batch_source>& workers, std::uint64_t t) {
  std::vector<float> result;
  for (auto& worker : workers) {
    auto samples = worker.at(t).features;
    result.insert(result.end(), samples.begin(), samples.end());
  }
  return result;
}

std::vector<batch_source> make_workers(std::size_t count, std::size_t batch_size, std::uint64_t seed = 1) {
  std::vector<batch_source> result;
  for (std::size_t i = 0; i < count; ++i)
    result.emplace_back(numbered(100), batch_options{batch_size, seed, {i, count}, {}});
  return result;
}

} // namespace

TEST_CASE("an epoch shows each sample once, but for those that do not fill a run") {
  for (auto [count, batch_size, left_out] : {std::tuple{1, 10, 0}, {4, 5, 0}, {3, 7, 16}, {1, 100, 0}, {9, 11, 1}}) {
    auto workers = make_workers(static_cast<std::size_t>(count), static_cast<std::size_t>(batch_size));
    auto steps = workers[0].steps_per_epoch();
    CHECK(steps == 100u / static_cast<unsigned>(count * batch_size));
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
      std::multiset<float> seen;
      for (std::uint64_t t = 0; t < steps; ++t)
        for (auto sample : step(workers, epoch * steps + t))
          seen.insert(sample);
      CHECK(seen.size() == 100u - static_cast<unsigned>(left_out));
      CHECK(std::set<float>(seen.begin(), seen.end()).size() == seen.size());
    }
  }
}

TEST_CASE("workers of one process share an order, and read what they would with their own") {
  auto data = numbered(100);
  auto orders = std::make_shared<epoch_orders>(data->size(), 3);
  auto own = make_workers(4, 5, 3);
  std::vector<batch_source> sharing;
  for (std::size_t i = 0; i < 4; ++i)
    sharing.emplace_back(data, batch_options{5, 3, {i, 4}, {}}, orders);
  for (std::uint64_t t = 0; t < 15; ++t)
    CHECK(step(sharing, t) == step(own, t));
  auto last = orders->of(2);
  CHECK(last.use_count() == 5);
  CHECK(orders->of(2) == last);
}

TEST_CASE("an order is kept while somebody reads it, and drawn the same again later") {
  epoch_orders orders{1000, 1};
  auto first = orders.of(0);
  auto copy = *first;
  CHECK(orders.of(0) == first);
  CHECK(*orders.of(1) != copy);
  std::weak_ptr seen{first};
  first.reset();
  CHECK(seen.expired());
  CHECK(*orders.of(0) == copy);
}

TEST_CASE("threads that come to an epoch at the same time get one order") {
  epoch_orders orders{10000, 1};
  for (std::uint64_t epoch = 0; epoch < 20; ++epoch) {
    std::vector<epoch_orders::order> seen(4);
    std::vector<std::thread> threads;
    for (auto& one : seen)
      threads.emplace_back([&orders, &one, epoch] { one = orders.of(epoch); });
    for (auto& one : threads)
      one.join();
    for (const auto& one : seen)
      CHECK(one == seen.front());
  }
}

TEST_CASE("a step's samples depend on workers times batch size alone") {
  auto one = make_workers(1, 20);
  auto four = make_workers(4, 5);
  auto ten = make_workers(10, 2);
  for (std::uint64_t t = 0; t < 12; ++t) {
    auto samples = step(one, t);
    CHECK(step(four, t) == samples);
    CHECK(step(ten, t) == samples);
  }
}

TEST_CASE("a lost worker's slice is shared by the others, each of its samples once a step") {
  for (std::size_t size : {1, 2, 10}) {
    auto workers = make_workers(5, size);
    // Workers 1 and 4 are lost, that one from step 3 on.
    const slice_lease lease{.slices = {{.slice = 1}, {.slice = 4, .from = 3}}, .pieces = 3};
    std::vector<std::size_t> sizes(3);
    for (std::uint64_t t = 0; t < 6; ++t) {
      std::multiset<float> expected, taken;
      for (auto which : {0u, 2u, 3u, 1u, 4u})
        if (which != 4 || t >= 3)
          for (auto sample : workers[which].at(t).features)
            expected.insert(sample);
      std::uint32_t piece = 0;
      for (auto which : {0u, 2u, 3u}) {
        auto mine = lease;
        mine.piece = piece;
        auto samples = workers[which].at(t, mine);
        CHECK(samples.labels.size() == samples.features.size());
        taken.insert(samples.features.begin(), samples.features.end());
        sizes[piece++] += samples.features.size();
      }
      CHECK(taken == expected);
    }
    // 6 steps of its own slice, 6 of one lost and 3 of the other; no worker has more than another.
    CHECK(sizes == std::vector<std::size_t>(3, 6 * size + 3 * size));
  }
  // One that is back, and has not heard so, takes its own slice once.
  auto worker = make_workers(2, 10)[1];
  CHECK(worker.at(0, {.slices = {{.slice = 1}}}).features.size() == 10);
}

TEST_CASE("epochs and seeds have orders of their own, and steps may be read in any order") {
  auto workers = make_workers(1, 100);
  auto again = make_workers(1, 100);
  auto other = make_workers(1, 100, 2);
  auto second = step(workers, 1);
  auto first = step(workers, 0);
  CHECK(first != second);
  CHECK_FALSE(std::ranges::is_sorted(first));
  CHECK(step(again, 0) == first);
  CHECK(step(again, 1) == second);
  CHECK(step(other, 0) != first);
}

TEST_CASE("each sample is as likely in each place") {
  // Where sample 0 comes over many epochs: every one of 10 places near 500 times.
  batch_source source(numbered(10), {10, 1, {}, {}});
  std::vector<int> places(10);
  for (std::uint64_t epoch = 0; epoch < 5000; ++epoch) {
    auto samples = source.at(epoch).features;
    ++places[static_cast<std::size_t>(std::ranges::find(samples, 0.0f) - samples.begin())];
  }
  for (auto count : places)
    CHECK(std::abs(count - 500) < 110);
}

TEST_CASE("augmentation is a function of seed, epoch and sample, whoever reads it") {
  std::vector<float> pixels(100 * 16);
  for (std::size_t i = 0; i < pixels.size(); ++i)
    pixels[i] = static_cast<float>(i + 1);
  const data_shape shape{.features = 16, .classes = 1, .height = 4, .width = 4, .channels = 1};
  auto data = std::make_shared<dense_dataset>(shape, pixels, std::vector<std::uint32_t>(100));
  auto read = [&data](std::size_t count, std::size_t batch_size, std::uint64_t t) {
    std::vector<float> result;
    for (std::size_t i = 0; i < count; ++i) {
      batch_source source(data, {batch_size, 1, {i, count}, {.shift_pixels = 1, .flip = true}});
      auto samples = source.at(t).features;
      result.insert(result.end(), samples.begin(), samples.end());
    }
    return result;
  };
  CHECK(read(1, 20, 3) == read(4, 5, 3));
  // The same samples in another epoch look otherwise.
  auto sum = [](std::vector<float> values) { return std::accumulate(values.begin(), values.end(), 0.0); };
  CHECK(sum(read(1, 100, 0)) != sum(read(1, 100, 1)));
}

TEST_CASE("what cannot make a batch is refused with a sentence") {
  auto make = [](batch_options options) { return test::refusal([&options] { batch_source(numbered(100), options); }); };
  CHECK(make({.batch_size = 0}) == "batch size is 0: at least 1 is needed");
  CHECK(make({.batch_size = 26, .part = {0, 4}}) == "the data have 100 samples: a step takes 26 for each of 4 workers");
  CHECK(make({.batch_size = 25, .part = {3, 4}}) == "accepted");
  CHECK(make({.part = {4, 4}}) == "slice 4 of 4 does not exist: slices are counted from 0");
  CHECK(make({.part = {0, 0}}) == "slice 0 of 0 does not exist: slices are counted from 0");
  CHECK(make({.augment = {.flip = true}}) == "augmentation is asked for, but the data are no images: shifting and "
                                             "flipping need height and width");
}

} // namespace drover
