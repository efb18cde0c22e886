#include "drover/actors/job_data.hpp"

#include "drover/models/data/load_ratings.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace drover {

namespace {

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number result{};
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return result;
}

std::uint64_t skipped_max(std::string_view text) {
  constexpr std::string_view skip = "skip:";
  if (text == "stop")
    return 0;
  auto count = text.starts_with(skip) ? number_of<std::uint64_t>(text.substr(skip.size())) : std::nullopt;
  if (!count)
    throw std::invalid_argument("onBadLine is " + (text.empty() ? "empty" : std::string{text}) +
                                ": say stop, or skip:N to pass over up to N lines, for example skip:100");
  return *count;
}

void read_range(std::string_view text, data_source& into) {
  if (text.empty())
    return;
  auto colon = text.find(':');
  auto least = number_of<float>(text.substr(0, colon));
  auto most = colon == std::string_view::npos ? std::nullopt : number_of<float>(text.substr(colon + 1));
  if (!least || !most || !std::isfinite(*least) || !std::isfinite(*most) || *least > *most)
    throw std::invalid_argument("ratingRange is " + std::string{text} +
                                ": say MIN:MAX with the smallest and the largest rating, for example 0.5:5");
  into.rating_min = *least;
  into.rating_max = *most;
}

std::string_view view(capnp::Text::Reader text) {
  return {text.begin(), text.size()};
}

} // namespace

data_source data_source_of(messages::Job::Reader what, const model_traits& traits) {
  data_source result{.data = what.getData().cStr(),
                     .test_data = what.getTestData().cStr(),
                     .holdout = what.getHoldout(),
                     .label_column = what.getLabelColumn().cStr(),
                     .seed = what.getSeed(),
                     .kind = traits.reads,
                     .has_classes = traits.has_classes,
                     .hash_bits = what.getHashBits(),
                     .lines_skipped_max = skipped_max(view(what.getOnBadLine())),
                     .data_cache = what.getDataCache().cStr()};
  if (result.data_cache.empty())
    throw std::invalid_argument("dataCache is empty: say off, beside, or a folder for the files");
  read_range(view(what.getRatingRange()), result);
  return result;
}

dataset_pair load_data(const job& what, const model_registry& models, const table_columns* like,
                       const rating_names* names) {
  auto traits = models.traits(view(what.read().getModel()));
  auto source = data_source_of(what.read(), traits);
  return traits.reads == sample_kind::ratings ? load_ratings(source, names) : load_data(source, like);
}

} // namespace drover
