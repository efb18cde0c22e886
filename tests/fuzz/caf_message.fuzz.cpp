#include "drover/messages/inspect.hpp"

#include <caf/init_global_meta_objects.hpp>

#include "tests/core/jobs.hpp"
#include "tests/fuzz/any_message.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/messages/caf_streams.hpp"
#include <cstdlib>

using namespace drover;

// The first byte chooses a type, the rest is what CAF's binary serialization would write of a message of that type.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Errors carry text, which CAF wants to know as a type.
  static const auto ready = (caf::core::init_global_meta_objects(), true);
  static_cast<void>(ready);
  fuzz::input in{data, size};
  auto type = in.take<std::uint8_t>();
  auto bytes = in.take_rest();
  fuzz::with_message_type(type, [bytes]<class T>() {
    auto source = test::reader_of(bytes.data(), bytes.size());
    message<T> what;
    if (!inspect(source, what)) {
      if (!source.get_error())
        std::abort();
      return;
    }
    fuzz::read_message(what);
    caf::byte_buffer again;
    auto sink = test::writer_to(again);
    if (!inspect(sink, what) || again.size() > bytes.size())
      std::abort();
  });
  return 0;
}

namespace {

template <class T>
std::string saved(char type, message<T> what) {
  caf::byte_buffer buffer;
  auto sink = test::writer_to(buffer);
  if (!inspect(sink, what))
    std::abort();
  std::string result{type};
  for (auto byte : buffer)
    result += static_cast<char>(byte);
  return result;
}

} // namespace

std::vector<std::string> fuzz::seeds() {
  auto plan = test::plan_of({}, test::tensors_of({4, 33}), 2);
  return {
      saved(0, test::pull_of(0, 0)),
      saved(2, test::push_of(plan, {})),
      saved(6, test::assignment_of(plan)),
      saved(8, test::membership_of(2, {0, 1})),
  };
}
