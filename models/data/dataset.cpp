#include "drover/models/data/dataset.hpp"

#include <algorithm>
#include <stdexcept>

namespace drover {

void dataset::read_bytes(std::span<const std::uint32_t>, std::span<std::uint8_t>, std::span<std::uint32_t>) const {
  throw std::logic_error("these data are not kept as bytes");
}

void dataset::locate(std::span<const std::uint32_t> samples, std::span<std::uint32_t> where) const {
  std::ranges::copy(samples, where.begin());
}

void check_kind(const dataset& data, sample_kind wanted) {
  auto has = data.rows() != nullptr   ? sample_kind::rows
             : data.ratings().empty() ? sample_kind::features
                                      : sample_kind::ratings;
  if (wanted == sample_kind::rows && has != sample_kind::rows)
    throw std::invalid_argument("the model reads sparse rows, and these data are not kept as such");
  if (wanted == sample_kind::ratings && has != sample_kind::ratings)
    throw std::invalid_argument("the model reads ratings, and these data are none");
  if (wanted == sample_kind::features && has == sample_kind::ratings)
    throw std::invalid_argument("the model reads features, and these data are ratings");
}

batch batch_of(const dataset& data, std::span<const std::uint32_t> samples, std::span<std::uint32_t> places) {
  data.locate(samples, places);
  return {.samples = places, .rows = data.rows(), .classes = data.classes(), .ratings = data.ratings()};
}

} // namespace drover
