#include "drover/actors/core/consistency_mode.hpp"
#include "drover/actors/job.hpp"
#include "drover/gpu/device.hpp"
#include "drover/models/registry.hpp"

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"
#include <cstdlib>
#include <functional>
#include <stdexcept>

using namespace drover;

namespace {

void try_out(const std::function<void()>& call) {
  try {
    call();
  } catch (const std::invalid_argument&) { // refused
  }
}

void set_flag(std::string_view text) {
  auto space = text.find('=');
  if (space == std::string_view::npos)
    return;
  job target;
  set_field(target, text.substr(0, space), text.substr(space + 1));
  // What one flag allows, the job file does, too.
  auto written = to_json(target);
  if (to_json(job_from_json(written)) != written)
    std::abort();
}

} // namespace

// The first byte chooses a reader of short texts, the rest is the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto device = gpu::make_cpu_device();
  fuzz::input in{data, size};
  auto which = in.take<std::uint8_t>() % 3;
  auto bytes = in.take_rest();
  std::string_view text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  try_out([which, text] {
    if (which == 0) {
      static_cast<void>(consistency_mode::parse(text));
    } else if (which == 1) {
      data_shape shape{.features = 4, .classes = 3};
      auto made = standard_models().make(text, {.arguments = {}, .shape = shape, .device = device.get()});
      for (const auto& tensor : made->tensors())
        if (tensor.size() == 0)
          std::abort();
    } else {
      set_flag(text);
    }
  });
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  using namespace std::string_literals;
  std::vector<std::string> result{"\0bsp"s,    "\0ssp:3"s, "\0asp:1"s,       "\1softmax",
                                  "\1mlp:5,7", "\1mlp:",   "\1mpl:1000000,1"};
  for (const auto& field : job_fields()) {
    result.push_back("\2" + field.flag + "=" + field.default_value);
    for (const auto& choice : field.choices)
      result.push_back("\2" + field.flag + "=" + choice);
  }
  return result;
}
