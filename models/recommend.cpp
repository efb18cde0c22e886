#include "drover/models/recommend.hpp"

#include "drover/models/factor_view.hpp"

#include <algorithm>
#include <cmath>

namespace drover {

std::vector<recommended> recommend(const_parameters parameters, std::uint32_t user, std::size_t count,
                                   std::span<const std::uint32_t> leave_out) {
  factor_view view{parameters};
  std::vector<bool> passed_over(view.items());
  for (auto item : leave_out)
    if (item < view.items())
      passed_over[item] = true;
  std::vector<recommended> all;
  all.reserve(view.items());
  for (std::uint32_t item = 0; item < view.items(); ++item) {
    if (passed_over[item])
      continue;
    auto rating = view.predict(user, item);
    if (!std::isnan(rating))
      all.push_back({item, rating});
  }
  auto middle = all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size()));
  std::ranges::partial_sort(all, middle, [](const recommended& left, const recommended& right) {
    return left.rating != right.rating ? left.rating > right.rating : left.item < right.item;
  });
  all.erase(middle, all.end());
  return all;
}

float predict_rating(const_parameters parameters, std::uint32_t user, std::uint32_t item) {
  return factor_view{parameters}.predict(user, item);
}

} // namespace drover
