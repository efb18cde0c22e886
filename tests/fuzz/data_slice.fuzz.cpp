#include "drover/actors/node/data_slice.hpp"

#include "drover/actors/node/data_collector.hpp"
#include "drover/models/data/dense_dataset.hpp"

#include <kj/exception.h>

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/mangle.hpp"
#include "tests/fuzz/target.hpp"
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <vector>

using namespace drover;

namespace {

constexpr double bytes_max = 1 << 20;

std::shared_ptr<const dataset> data_of(bool bytes) {
  const data_shape shape{.features = 4, .classes = 2, .height = 2, .width = 2, .channels = 1};
  if (bytes)
    return std::make_shared<dense_dataset>(shape, std::vector<std::uint8_t>(12, 7),
                                           std::vector<std::uint32_t>{0, 1, 0});
  return std::make_shared<dense_dataset>(shape, std::vector<float>(12, 0.5f), std::vector<std::uint32_t>{0, 1, 0});
}

} // namespace

// The first byte chooses how values are kept; the others say what becomes of slices that a trainer sends.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  fuzz::input in{bytes, size};
  auto data = data_of(in.take<std::uint8_t>() % 2 != 0);
  data_collector collected{bytes_max};
  try {
    for (int slices = 0; slices < 4 && !collected.is_complete(); ++slices) {
      auto slice = fuzz::mangle(slice_of(*data, collected.next()), in);
      if (!slice)
        return 0;
      collected.add(*slice->read());
    }
  } catch (const std::runtime_error&) { // refused
    return 0;
  } catch (const std::invalid_argument&) { // fewer samples than a slice made believe
    return 0;
  } catch (const kj::Exception&) { // no slice
    return 0;
  }
  if (!collected.is_complete())
    return 0;
  auto samples = collected.next();
  if (collected.finish()->size() != samples)
    std::abort();
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  return {std::string(4, '\0'), std::string{'\1', '\0'}, std::string{'\0', '\1', '\20', '\0', '\1'},
          std::string{'\1', '\2', '\30', '\0', '\1', '\100', '\0', '\1'}};
}
