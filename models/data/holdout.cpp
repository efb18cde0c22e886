#include "drover/models/data/holdout.hpp"

#include "drover/models/random.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace drover {

namespace {

/// Some samples of another data set.
class subset final : public dataset {
public:
  subset(std::shared_ptr<const dataset> all, std::vector<std::uint32_t> chosen)
      : all_(std::move(all)), chosen_(std::move(chosen)) {}

  std::size_t size() const override { return chosen_.size(); }
  data_shape shape() const override { return all_->shape(); }
  void read(std::span<const std::uint32_t> samples, std::span<float> features,
            std::span<std::uint32_t> labels) const override {
    all_->read(translated(samples), features, labels);
  }
  bool keeps_bytes() const override { return all_->keeps_bytes(); }
  void read_bytes(std::span<const std::uint32_t> samples, std::span<std::uint8_t> features,
                  std::span<std::uint32_t> labels) const override {
    all_->read_bytes(translated(samples), features, labels);
  }

  const sparse_rows_view* rows() const override { return all_->rows(); }
  std::span<const rating> ratings() const override { return all_->ratings(); }
  void locate(std::span<const std::uint32_t> samples, std::span<std::uint32_t> where) const override {
    all_->locate(translated(samples), where);
  }
  std::span<const std::uint32_t> classes() const override { return all_->classes(); }

private:
  std::vector<std::uint32_t> translated(std::span<const std::uint32_t> samples) const {
    std::vector<std::uint32_t> result;
    result.reserve(samples.size());
    for (auto sample : samples)
      result.push_back(chosen_.at(sample));
    return result;
  }

  std::shared_ptr<const dataset> all_;
  std::vector<std::uint32_t> chosen_;
};

} // namespace

dataset_pair hold_out(std::shared_ptr<const dataset> all, double share, std::uint64_t seed) {
  if (!(share > 0 && share < 1))
    throw std::invalid_argument("holdout is " + std::to_string(share) + ": a share above 0 and below 1 is needed");
  if (all->size() < 2)
    throw std::invalid_argument("holdout needs at least 2 samples, there are " + std::to_string(all->size()));
  std::vector<std::uint32_t> order(all->size());
  std::iota(order.begin(), order.end(), 0u);
  auto wanted = static_cast<std::size_t>(std::llround(share * static_cast<double>(order.size())));
  auto held = std::clamp<std::size_t>(wanted, 1, order.size() - 1);
  random_sequence random(random_bits::key(seed, "holdout"));
  for (std::size_t i = 0; i < held; ++i)
    std::swap(order[i], order[i + random.below(order.size() - i)]);
  auto border = order.begin() + static_cast<std::ptrdiff_t>(held);
  std::sort(order.begin(), border);
  std::sort(border, order.end());
  auto test = std::make_shared<subset>(all, std::vector<std::uint32_t>(order.begin(), border));
  return {std::make_shared<subset>(all, std::vector<std::uint32_t>(border, order.end())), test};
}

} // namespace drover
