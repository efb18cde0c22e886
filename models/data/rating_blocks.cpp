#include "drover/models/data/rating_blocks.hpp"

#include <algorithm>
#include <numeric>
#include <queue>
#include <tuple>

namespace drover {

std::vector<std::uint32_t> balanced_parts(std::span<const std::uint64_t> weights, std::size_t parts) {
  std::vector<std::uint32_t> by_weight(weights.size());
  std::iota(by_weight.begin(), by_weight.end(), 0u);
  std::ranges::stable_sort(by_weight, std::ranges::greater{},
                           [weights](std::uint32_t index) { return weights[index]; });
  // The lightest is on top; of those that weigh the same the one that has the fewest.
  using filled = std::tuple<std::uint64_t, std::size_t, std::uint32_t>; // weight, count, part
  std::priority_queue<filled, std::vector<filled>, std::greater<>> lightest;
  for (std::uint32_t part = 0; part < parts; ++part)
    lightest.emplace(0, 0, part);
  std::vector<std::uint32_t> result(weights.size());
  for (auto index : by_weight) {
    auto [weight, count, part] = lightest.top();
    lightest.pop();
    result[index] = part;
    lightest.emplace(weight + weights[index], count + 1, part);
  }
  return result;
}

rating_blocks::rating_blocks(const dataset& data, std::size_t user_parts, std::size_t item_parts)
    : user_parts_(user_parts), item_parts_(item_parts), starts_(user_parts * item_parts + 1) {
  auto ratings = data.ratings();
  auto shape = data.shape();
  std::vector<std::uint32_t> samples(data.size());
  std::iota(samples.begin(), samples.end(), 0u);
  std::vector<std::uint32_t> all(samples.size());
  data.locate(samples, all);
  std::erase_if(all, [ratings](std::uint32_t place) {
    return ratings[place].user == rating_unknown || ratings[place].item == rating_unknown;
  });
  std::vector<std::uint64_t> of_user(shape.users), of_item(shape.items);
  for (auto place : all) {
    ++of_user[ratings[place].user];
    ++of_item[ratings[place].item];
  }
  auto user_part = balanced_parts(of_user, user_parts);
  auto item_part = balanced_parts(of_item, item_parts);
  auto block_of = [&](std::uint32_t place) {
    return user_part[ratings[place].user] * item_parts + item_part[ratings[place].item];
  };
  for (auto place : all)
    ++starts_[block_of(place) + 1];
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
  auto next = starts_;
  places_.resize(all.size());
  for (auto place : all)
    places_[next[block_of(place)]++] = place;
}

} // namespace drover
