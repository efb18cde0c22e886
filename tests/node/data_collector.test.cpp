#include "drover/actors/node/data_collector.hpp"

#include "drover/actors/node/data_slice.hpp"
#include "drover/models/data/dense_dataset.hpp"
#include "drover/models/data/holdout.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace drover {

namespace {

constexpr double room = 1e9;

template <class Value>
std::shared_ptr<const dataset> numbered(data_shape shape, std::size_t samples) {
  std::vector<Value> values(samples * shape.features);
  std::vector<std::uint32_t> labels(samples);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<Value>(i * 7 % 251);
  for (std::size_t i = 0; i < samples; ++i)
    labels[i] = static_cast<std::uint32_t>(i % shape.classes);
  return std::make_shared<dense_dataset>(shape, std::move(values), std::move(labels));
}

struct contents {
  std::vector<float> features;
  std::vector<std::uint32_t> labels;
  bool operator==(const contents&) const = default;
};

contents everything(const dataset& data) {
  std::vector<std::uint32_t> samples(data.size());
  std::iota(samples.begin(), samples.end(), 0u);
  contents result{std::vector<float>(data.size() * data.shape().features), std::vector<std::uint32_t>(data.size())};
  data.read(samples, result.features, result.labels);
  return result;
}

std::shared_ptr<const dataset> sent(const dataset& data, std::size_t& slices) {
  data_collector collected{room};
  for (slices = 0; !collected.is_complete(); ++slices) {
    auto slice = slice_of(data, collected.next());
    CHECK(slice.segments().bytes() < slice_bytes_max + 1024);
    collected.add(*slice.read());
  }
  return collected.finish();
}

using change = std::function<void(messages::DataSlice::Builder)>;

message<messages::DataSlice> changed(const message<messages::DataSlice>& slice, const change& how) {
  auto view = slice.read();
  message_builder<messages::DataSlice> result{*view};
  how(result.root());
  return result.finish();
}

// What is said of four samples of two floats and three classes, sent in a slice that was changed.
std::string refusal_of(const change& how, double bytes_max = room) {
  auto data = numbered<float>({.features = 2, .classes = 3}, 4);
  data_collector collected{bytes_max};
  try {
    collected.add(*changed(slice_of(*data, 0), how).read());
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  CHECK(collected.is_complete());
  return "";
}

void set_float(messages::DataSlice::Builder slice, std::size_t index, float value) {
  reinterpret_cast<float*>(slice.getValues().getFloats().begin())[index] = value;
}

} // namespace

TEST_CASE("data that were sent are the same, and kept in the same way") {
  const data_shape image{.features = 784, .classes = 10, .height = 28, .width = 28, .channels = 1};
  const data_shape table{.features = 20, .classes = 4};
  for (const auto& data : {numbered<std::uint8_t>(image, 3000), numbered<float>(table, 30000),
                           hold_out(numbered<std::uint8_t>(image, 3000), 0.1, 1).train}) {
    std::size_t slices = 0;
    auto found = sent(*data, slices);
    CHECK(slices == 3);
    CHECK(found->keeps_bytes() == data->keeps_bytes());
    CHECK(found->shape().features == data->shape().features);
    CHECK(found->shape().classes == data->shape().classes);
    CHECK(found->shape().height == data->shape().height);
    CHECK(found->shape().width == data->shape().width);
    CHECK(found->shape().channels == data->shape().channels);
    CHECK(everything(*found) == everything(*data));
  }
}

TEST_CASE("a sample that is larger than a slice is sent alone, and one that is larger than a message is not") {
  std::size_t slices = 0;
  auto large = numbered<std::uint8_t>({.features = 2 * slice_bytes_max, .classes = 2}, 2);
  data_collector collected{room};
  for (; !collected.is_complete(); ++slices)
    collected.add(*slice_of(*large, collected.next()).read());
  CHECK(slices == 2);
  check_sendable(*large);
  CHECK_THROWS_AS(check_sendable(*numbered<std::uint8_t>({.features = sent_sample_bytes_max, .classes = 2}, 1)),
                  std::invalid_argument);
  CHECK_THROWS_AS((void)slice_of(*large, 2), std::invalid_argument);
}

TEST_CASE("a slice that is not changed is taken") {
  CHECK(refusal_of([](auto) {}).empty());
}

TEST_CASE("announcements that cannot be are refused") {
  constexpr auto huge = std::numeric_limits<std::uint64_t>::max();
  const std::string begin = "the data that the trainer sends: ";
  CHECK(refusal_of([](auto slice) { slice.setSamples(0); }) ==
        begin + "0 samples are announced, allowed are 1 to 4294967295");
  CHECK(refusal_of([](auto slice) { slice.setSamples(huge); }).find("samples are announced") != std::string::npos);
  CHECK(refusal_of([](auto slice) { slice.setFeatures(0); }) ==
        begin + "0 features a sample are announced, allowed are 1 to 2097152");
  CHECK(refusal_of([](auto slice) { slice.setFeatures(huge); }).find("features a sample") != std::string::npos);
  CHECK(refusal_of([](auto slice) { slice.setClasses(0); }) ==
        begin + "0 classes are announced, allowed are 1 to 4294967295");
  CHECK(refusal_of([](auto slice) { slice.setClasses(huge); }).find("classes are announced") != std::string::npos);
  CHECK(refusal_of([](auto slice) { slice.setHeight(2); }) ==
        begin + "images of 2 x 0 x 0 values are announced, which are not the 2 features of a sample");
  CHECK(refusal_of([](auto slice) { // whose product is 2 in 64 bits
          slice.setHeight(std::uint64_t{1} << 63);
          slice.setWidth(4);
          slice.setChannels(1);
        })
            .find("images of") != std::string::npos);
  CHECK(refusal_of([](auto slice) { slice.setSamples(std::uint64_t{1} << 31); }, 1e9) ==
        begin + "they take 24576 MiB, and here is room for 953 MiB");
}

TEST_CASE("a slice of more or fewer samples or values than it says is refused") {
  const std::string begin = "the data that the trainer sends: the slice of sample 0 has ";
  CHECK(refusal_of([](auto slice) { slice.initLabels(0); }) == begin + "0 labels, allowed are 1 to 4");
  CHECK(refusal_of([](auto slice) { slice.initLabels(5); }) == begin + "5 labels, allowed are 1 to 4");
  CHECK(refusal_of([](auto slice) { slice.setSamples(3); }) == begin + "4 labels, allowed are 1 to 3");
  CHECK(refusal_of([](auto slice) { slice.initLabels(3); }) == begin + "32 bytes of values, needs 24");
  CHECK(refusal_of([](auto slice) { slice.getValues().initFloats(31); }) == begin + "31 bytes of values, needs 32");
  CHECK(refusal_of([](auto slice) { slice.getValues().initFloats(36); }) == begin + "36 bytes of values, needs 32");
  CHECK(refusal_of([](auto slice) { slice.getValues().initBytes(32); }) == begin + "32 bytes of values, needs 8");
  CHECK(refusal_of([](auto slice) { slice.setFeatures(3); }) == begin + "32 bytes of values, needs 48");
}

TEST_CASE("a label that is no class is refused, and so is a value that is no finite number") {
  const std::string begin = "the data that the trainer sends: sample ";
  CHECK(refusal_of([](auto slice) { slice.getLabels().set(2, 3); }) == begin + "2 has label 3: labels must be below 3");
  for (auto value : {std::numeric_limits<float>::infinity(), std::nanf("")})
    CHECK(refusal_of([value](auto slice) { set_float(slice, 7, value); }) ==
          begin + "3 has a value that is not a finite number of 32 bits");
}

TEST_CASE("slices that do not belong together are refused") {
  auto data = numbered<float>({.features = 2, .classes = 3}, 200'000);
  auto refusal_of_second = [&data](const message<messages::DataSlice>& second) -> std::string {
    data_collector collected{room};
    collected.add(*slice_of(*data, 0).read());
    REQUIRE_FALSE(collected.is_complete());
    try {
      collected.add(*second.read());
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  };
  data_collector first{room};
  first.add(*slice_of(*data, 0).read());
  auto next = first.next();
  const std::string begin = "the data that the trainer sends: ";
  const std::string other = begin + "the slice of sample " + std::to_string(next) + " announces something else than ";
  CHECK(refusal_of_second(slice_of(*data, next)).empty());
  for (auto wrong : {std::uint64_t{0}, next - 1, next + 1})
    CHECK(refusal_of_second(slice_of(*data, wrong)) == begin + "a slice begins with sample " + std::to_string(wrong) +
                                                           ", it was asked for sample " + std::to_string(next));
  for (const auto& how :
       std::vector<change>{[](auto slice) { slice.setSamples(300'000); }, [](auto slice) { slice.setFeatures(1); },
                           [](auto slice) { slice.setClasses(4); }, [](auto slice) { slice.getValues().initBytes(1); }})
    CHECK(refusal_of_second(changed(slice_of(*data, next), how)).find(other) == 0);
  auto one_too_many = [missing = static_cast<unsigned>(200'000 - next)](auto slice) {
    slice.initLabels(missing + 1);
    slice.getValues().initFloats((missing + 1) * 2 * sizeof(float));
  };
  CHECK(refusal_of_second(changed(slice_of(*data, next), one_too_many)) ==
        begin + "the slice of sample " + std::to_string(next) + " has " + std::to_string(200'001 - next) +
            " labels, allowed are 1 to " + std::to_string(200'000 - next));
}

} // namespace drover
