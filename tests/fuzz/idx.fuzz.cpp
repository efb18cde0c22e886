#include "drover/models/data/idx.hpp"

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/target.hpp"
#include <cstdlib>
#include <functional>
#include <numeric>
#include <stdexcept>

using namespace drover;
using namespace std::string_literals;

// The first two bytes say how long the file of labels is; the rest is the file of images.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  auto labels = in.take_bytes(in.take<std::uint16_t>());
  auto images = in.take_rest();
  fuzz::memory_file image_file{{reinterpret_cast<const std::uint8_t*>(images.data()), images.size()}};
  fuzz::memory_file label_file{labels};
  try {
    auto decoded = decode_idx(images, "images");
    auto product = std::accumulate(decoded.extents.begin(), decoded.extents.end(), std::size_t{1}, std::multiplies{});
    if (product != decoded.values.size())
      std::abort();
    auto samples = load_idx(image_file.path(), label_file.path());
    std::vector<float> features(samples->shape().features);
    std::uint32_t label = 0;
    for (std::uint32_t sample = 0; sample < samples->size(); ++sample) {
      samples->read({&sample, 1}, features, {&label, 1});
      if (label >= samples->shape().classes)
        std::abort();
    }
  } catch (const std::runtime_error&) { // refused
  }
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  auto labels = "\0\0\x08\x01\0\0\0\x02"s + "\x01\x02";
  auto both = std::string{static_cast<char>(labels.size()), '\0'} + labels;
  return {
      both + "\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x01"s + "abcd",
      both + "\0\0\x08\x02\0\0\0\x02\0\0\0\x03"s + "abcdef",
      both + "\0\0\x08\x04\0\0\0\x02\0\0\0\x01\0\0\0\x01\0\0\0\x03"s + "abcdef",
      both + "\0\0\x0d\x01\0\0\0\x02"s + "abcd",
      both + "\0\0\x08\x02\xff\xff\xff\xff\xff\xff\xff\xff"s,
  };
}
