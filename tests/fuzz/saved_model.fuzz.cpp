#include "drover/actors/saved_model.hpp"

#include "drover/messages/bulk.hpp"

#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/target.hpp"
#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <unistd.h>

using namespace drover;

namespace {

std::shared_ptr<const parameter_layout> layout() {
  static const auto result = std::make_shared<const parameter_layout>(std::vector<tensor_spec>{
      {.name = "a", .shape = {3, 2}, .init = {}, .split_by_rows = true}, {.name = "b", .shape = {2}, .init = {}}});
  return result;
}

std::string saved() {
  auto values = std::make_shared<bulk>(layout()->flat_size());
  std::ranges::fill(values->values(), 1.5f);
  const float* first = values->values().data();
  auto file = std::filesystem::temp_directory_path() / ("drover-fuzz-seed-" + std::to_string(::getpid()));
  save_model(
      file, {layout(), block_pointers(*layout(), first), {values}}, job{},
      table_columns{.names = {"x", "y"}, .columns = 2, .label_column = 1, .class_names = {"a", "b"}, .classes = 2});
  std::ifstream in{file, std::ios::binary};
  std::string result{std::istreambuf_iterator<char>{in}, {}};
  std::filesystem::remove(file);
  return result;
}

// A file around a header of its own.
std::string with_header(std::string header, std::size_t data_bytes) {
  auto size = std::uint64_t{header.size()};
  std::string result(sizeof size, '\0');
  std::memcpy(result.data(), &size, sizeof size);
  return result + header + std::string(data_bytes, 'x');
}

} // namespace

// The input is a safetensors file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::memory_file file{{data, size}};
  try {
    saved_model opened{file.path()};
    static_cast<void>(opened.origin().read());
    auto parameters = opened.parameters(layout());
    volatile float last = 0;
    for (std::size_t i = 0; i < layout()->blocks().size(); ++i)
      for (auto value : parameters.view().block(i))
        last = value;
    static_cast<void>(last);
  } catch (const std::runtime_error&) { // refused
  }
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  const std::string metadata = R"("__metadata__":{"job":"{}"})";
  return {
      saved(),
      with_header("{" + metadata + R"(,"a":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]})" +
                      R"(,"b":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}})",
                  32),
      with_header("{" + metadata + R"(,"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})", 0),
      with_header("{" + metadata + R"(,"a":{"dtype":"F16","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", 0),
      with_header("{" + metadata + "}", 0),
  };
}
