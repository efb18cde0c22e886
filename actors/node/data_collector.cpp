#include "drover/actors/node/data_collector.hpp"

#include "drover/actors/node/data_slice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace drover {

namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw std::runtime_error("the data that the trainer sends: " + what);
}

std::string text(std::uint64_t number) {
  return std::to_string(number);
}

// Of factors that may be anything.
bool is_product(std::uint64_t product, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  return a != 0 && b != 0 && c != 0 && product % a == 0 && product / a % b == 0 && product / a / b == c;
}

} // namespace

data_collector::contents data_collector::contents_of(messages::DataSlice::Reader slice) {
  return {slice.getSamples(), slice.getFeatures(), slice.getClasses(),         slice.getHeight(),
          slice.getWidth(),   slice.getChannels(), slice.getValues().isBytes()};
}

void data_collector::begin(const contents& said) {
  constexpr std::uint64_t count_max = std::numeric_limits<std::uint32_t>::max();
  auto value_bytes = said.bytes ? sizeof(std::uint8_t) : sizeof(float);
  if (said.samples == 0 || said.samples > count_max)
    refuse(text(said.samples) + " samples are announced, allowed are 1 to " + text(count_max));
  if (said.features == 0 || said.features > sent_sample_bytes_max / value_bytes)
    refuse(text(said.features) + " features a sample are announced, allowed are 1 to " +
           text(sent_sample_bytes_max / value_bytes));
  if (said.classes == 0 || said.classes > count_max)
    refuse(text(said.classes) + " classes are announced, allowed are 1 to " + text(count_max));
  auto is_image = said.height != 0 || said.width != 0 || said.channels != 0;
  if (is_image && !is_product(said.features, said.height, said.width, said.channels))
    refuse("images of " + text(said.height) + " x " + text(said.width) + " x " + text(said.channels) +
           " values are announced, which are not the " + text(said.features) + " features of a sample");
  auto needed =
      static_cast<double>(said.samples) * static_cast<double>(said.features * value_bytes + sizeof(std::uint32_t));
  if (needed > bytes_max_)
    refuse("they take " + text(static_cast<std::uint64_t>(needed) >> 20) + " MiB, and here is room for " +
           text(static_cast<std::uint64_t>(bytes_max_) >> 20) + " MiB");
  said_ = said;
  // All at once: vectors that grow hold everything twice at times. Memory that is not written yet costs nothing.
  labels_.reserve(said.samples);
  if (!said.bytes)
    values_ = std::vector<float>{};
  std::visit([&said](auto& held) { held.reserve(said.samples * said.features); }, values_);
}

void data_collector::add(messages::DataSlice::Reader slice) {
  auto said = contents_of(slice);
  if (!said_)
    begin(said);
  if (said != *said_)
    refuse("the slice of sample " + text(next()) + " announces something else than the first");
  if (slice.getFirst() != next())
    refuse("a slice begins with sample " + text(slice.getFirst()) + ", it was asked for sample " + text(next()));
  auto labels = slice.getLabels();
  if (labels.size() == 0 || labels.size() > said.samples - next())
    refuse("the slice of sample " + text(next()) + " has " + text(labels.size()) + " labels, allowed are 1 to " +
           text(said.samples - next()));
  add_values(said.bytes ? slice.getValues().getBytes() : slice.getValues().getFloats(), labels.size());
  add_labels(labels);
}

void data_collector::add_values(capnp::Data::Reader values, std::size_t samples) {
  std::visit(
      [this, values, samples]<class Value>(std::vector<Value>& held) {
        auto wanted = samples * said_->features * sizeof(Value);
        if (values.size() != wanted)
          refuse("the slice of sample " + text(next()) + " has " + text(values.size()) + " bytes of values, needs " +
                 text(wanted));
        // Cap'n Proto aligns data to 8 bytes.
        const auto* from = reinterpret_cast<const Value*>(values.begin());
        const auto* end = from + samples * said_->features;
        if constexpr (std::is_same_v<Value, float>)
          if (auto wrong = std::find_if(from, end, [](float value) { return !std::isfinite(value); }); wrong != end)
            refuse("sample " + text(next() + static_cast<std::uint64_t>(wrong - from) / said_->features) +
                   " has a value that is not a finite number of 32 bits");
        held.insert(held.end(), from, end);
      },
      values_);
}

void data_collector::add_labels(capnp::List<std::uint32_t>::Reader labels) {
  for (auto label : labels) {
    if (label >= said_->classes)
      refuse("sample " + text(next()) + " has label " + text(label) + ": labels must be below " + text(said_->classes));
    labels_.push_back(label);
  }
}

std::shared_ptr<const dataset> data_collector::finish() {
  data_shape shape{.features = said_->features,
                   .classes = said_->classes,
                   .height = said_->height,
                   .width = said_->width,
                   .channels = said_->channels};
  return std::make_shared<dense_dataset>(shape, std::exchange(values_, {}), std::exchange(labels_, {}));
}

} // namespace drover
