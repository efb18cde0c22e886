#include "drover/actors/node/data_slice.hpp"

#include "drover/messages/bulk.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace drover {

namespace {

std::size_t sample_bytes(const dataset& data) {
  auto value_bytes = data.keeps_bytes() ? sizeof(std::uint8_t) : sizeof(float);
  return data.shape().features * value_bytes + sizeof(std::uint32_t);
}

void say_shape(messages::DataSlice::Builder slice, const dataset& data) {
  auto shape = data.shape();
  slice.setSamples(data.size());
  slice.setFeatures(shape.features);
  slice.setClasses(shape.classes);
  slice.setHeight(shape.height);
  slice.setWidth(shape.width);
  slice.setChannels(shape.channels);
}

} // namespace

void check_sendable(const dataset& data) {
  if (data.shape().features > sent_sample_bytes_max || sample_bytes(data) > sent_sample_bytes_max)
    throw std::invalid_argument("data: a sample has " + std::to_string(data.shape().features) +
                                " features, and samples of at most " + std::to_string(sent_sample_bytes_max >> 20) +
                                " MiB can be sent to nodes: leave out --send-data");
}

message<messages::DataSlice> slice_of(const dataset& data, std::uint64_t first) {
  if (first >= data.size())
    throw std::invalid_argument("there is no sample " + std::to_string(first) + " in a data set of " +
                                std::to_string(data.size()));
  auto fit = std::max<std::size_t>(1, slice_bytes_max / sample_bytes(data));
  std::vector<std::uint32_t> samples(std::min<std::size_t>(fit, data.size() - first));
  std::iota(samples.begin(), samples.end(), static_cast<std::uint32_t>(first));
  std::vector<std::uint32_t> labels(samples.size());
  auto values = samples.size() * data.shape().features;

  message_builder<messages::DataSlice> slice;
  say_shape(slice.root(), data);
  slice->setFirst(first);
  if (data.keeps_bytes()) {
    auto room = slice->getValues().initBytes(static_cast<unsigned>(values));
    data.read_bytes(samples, {room.begin(), room.size()}, labels);
  } else {
    auto room = std::make_shared<bulk>(values);
    data.read(samples, room->values(), labels);
    slice->getValues().adoptFloats(slice.refer(room->values(), room));
  }
  slice->setLabels({labels.data(), labels.size()});
  return slice.finish();
}

} // namespace drover
