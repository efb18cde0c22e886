#include "tests/actors/sparse_blobs.hpp"

#include "drover/models/data/ratings_dataset.hpp"
#include "drover/models/data/sparse_dataset.hpp"
#include "drover/models/random.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

namespace drover::test {

namespace {

/// Features by a power law, scattered over their numbers.
class zipf {
public:
  explicit zipf(std::size_t count) : number_(count) {
    double sum = 0;
    for (std::size_t rank = 0; rank < count; ++rank)
      ends_.push_back(sum += 1 / static_cast<double>(rank + 10));
    std::iota(number_.begin(), number_.end(), 0u);
    random_sequence random{11};
    for (auto left = count; left > 1; --left)
      std::swap(number_[left - 1], number_[random.below(left)]);
  }

  std::uint32_t draw(random_sequence& random) const {
    constexpr std::uint64_t fine = std::uint64_t{1} << 40;
    auto at = static_cast<double>(random.below(fine)) / static_cast<double>(fine) * ends_.back();
    return number_[static_cast<std::size_t>(std::ranges::lower_bound(ends_, at) - ends_.begin())];
  }

private:
  std::vector<double> ends_;
  std::vector<std::uint32_t> number_;
};

float hidden(std::uint64_t what, std::uint64_t index) {
  return static_cast<float>(random_bits::symmetric(random_bits::at(what, index)));
}

std::shared_ptr<const dataset> rows_of(std::size_t count, std::size_t features, const zipf& law, std::uint64_t seed) {
  sparse_rows rows;
  std::vector<std::uint32_t> classes;
  random_sequence random{seed};
  for (std::size_t i = 0; i < count; ++i) {
    std::set<std::uint32_t> columns;
    for (auto wanted = std::min<std::size_t>(40 + random.below(62), features / 2); columns.size() < wanted;)
      columns.insert(law.draw(random));
    auto value = 1 / std::sqrt(static_cast<float>(columns.size()));
    float score = 0;
    for (auto column : columns) {
      rows.columns.push_back(column);
      rows.values.push_back(value);
      score += hidden(1, column) * value;
    }
    rows.ends.push_back(rows.columns.size());
    rows.labels.push_back(score > 0 ? 1.0f : -1.0f);
    classes.push_back(score > 0 ? 1 : 0);
  }
  data_shape shape;
  shape.features = features;
  shape.classes = 2;
  return std::make_shared<sparse_dataset>(shape, std::move(rows), std::move(classes));
}

std::shared_ptr<const dataset> ratings_of(std::size_t count, std::size_t users, std::size_t items, std::uint64_t seed) {
  constexpr std::size_t rank = 4;
  std::vector<rating> result;
  random_sequence random{seed};
  for (std::size_t i = 0; i < count; ++i) {
    rating one{static_cast<std::uint32_t>(random.below(users)), static_cast<std::uint32_t>(random.below(items)), 3.5f};
    for (std::size_t f = 0; f < rank; ++f)
      one.value += hidden(2, one.user * rank + f) * hidden(3, one.item * rank + f);
    one.value += 0.35f * hidden(seed, i);
    result.push_back(one);
  }
  return std::make_shared<ratings_dataset>(std::move(result), users, items);
}

} // namespace

dataset_pair rcv1_like(std::size_t train, std::size_t test, std::size_t features) {
  zipf law{features};
  return {rows_of(train, features, law, 21), rows_of(test, features, law, 22)};
}

dataset_pair ratings_like(std::size_t train, std::size_t test, std::size_t users, std::size_t items) {
  return {ratings_of(train, users, items, 31), ratings_of(test, users, items, 32)};
}

job published_svm() {
  job result;
  result->setModel("svm");
  result->setConsistency("hogwild");
  result->setL2(1);
  result->setLearningRate(0.1);
  result->setSchedule(messages::Schedule::STEP);
  result->setScheduleStepEpochs(1);
  result->setScheduleStepFactor(0.8);
  result->setEpochs(8);
  return result;
}

} // namespace drover::test
