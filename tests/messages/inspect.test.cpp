#include "drover/messages/inspect.hpp"

#include "drover/messages/training.capnp.h"

#include <caf/init_global_meta_objects.hpp>
#include <doctest/doctest.h>

#include "tests/messages/caf_streams.hpp"
#include <cstring>

using namespace drover;

namespace {

message<messages::PushGradient> sample_push() {
  auto memory = std::make_shared<bulk>(100);
  for (std::size_t i = 0; i < 100; ++i)
    memory->values()[i] = static_cast<float>(i);
  message_builder<messages::PushGradient> push;
  push->setSequence(5);
  auto blocks = push->initBlocks(1);
  blocks[0].adoptValues(push.refer(memory->values(), memory));
  return push.finish();
}

caf::byte_buffer saved(message<messages::PushGradient> push) {
  caf::byte_buffer buffer;
  auto sink = test::writer_to(buffer);
  REQUIRE(inspect(sink, push));
  return buffer;
}

bool load(const caf::byte_buffer& buffer, std::size_t size, message<messages::PushGradient>& push) {
  caf::core::init_global_meta_objects(); // errors carry text, which CAF wants to know as a type
  auto source = test::reader_of(buffer.data(), size);
  return inspect(source, push);
}

} // namespace

TEST_CASE("a message that CAF wrote and read again says the same") {
  auto buffer = saved(sample_push());
  message<messages::PushGradient> copy;
  REQUIRE(load(buffer, buffer.size(), copy));
  auto view = copy.read();
  CHECK(view->getSequence() == 5);
  float last = 0;
  std::memcpy(&last, view->getBlocks()[0].getValues().end() - sizeof last, sizeof last);
  CHECK(last == 99.0f);
}

TEST_CASE("CAF refuses a message that is cut short anywhere") {
  auto buffer = saved(sample_push());
  for (std::size_t size = 0; size < buffer.size(); ++size) {
    message<messages::PushGradient> copy;
    CHECK_FALSE(load(buffer, size, copy));
    CHECK(copy.empty());
  }
}

TEST_CASE("CAF refuses a message that claims more than is there") {
  auto buffer = saved(sample_push());
  // The words of the first segment, after the number of segments.
  for (std::size_t position : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4}}) {
    auto forged = buffer;
    forged[position] = static_cast<caf::byte_buffer::value_type>(0x7f);
    message<messages::PushGradient> copy;
    CHECK_FALSE(load(forged, forged.size(), copy));
  }
}

TEST_CASE("an empty message is not sent") {
  caf::byte_buffer buffer;
  auto sink = test::writer_to(buffer);
  message<messages::PushGradient> empty;
  CHECK_FALSE(inspect(sink, empty));
  CHECK(buffer.empty());
}
