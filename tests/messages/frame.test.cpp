#include "drover/messages/message.hpp"
#include "drover/messages/training.capnp.h"

#include <doctest/doctest.h>

#include <cstring>

using namespace drover;

namespace {

message<messages::PushGradient> sample_push(std::size_t floats) {
  auto memory = std::make_shared<bulk>(floats);
  for (std::size_t i = 0; i < floats; ++i)
    memory->values()[i] = static_cast<float>(i);
  message_builder<messages::PushGradient> push;
  push->setWorker(1);
  push->setClock(42);
  auto blocks = push->initBlocks(2);
  for (unsigned i = 0; i < 2; ++i) {
    blocks[i].setIndex(i);
    blocks[i].adoptValues(push.refer(memory->values(), memory));
  }
  return push.finish();
}

} // namespace

TEST_CASE("a frame that was flattened and read back says the same") {
  for (std::size_t floats : {1, 2, 7, 1000}) {
    auto push = sample_push(floats);
    message<messages::PushGradient> copy{frame::unflatten(push.segments().flatten())};
    auto view = copy.read();
    CHECK(view->getWorker() == 1);
    CHECK(view->getClock() == 42);
    REQUIRE(view->getBlocks().size() == 2);
    auto values = view->getBlocks()[1].getValues();
    REQUIRE(values.size() == floats * sizeof(float));
    float last = 0;
    std::memcpy(&last, values.end() - sizeof last, sizeof last);
    CHECK(last == static_cast<float>(floats - 1));
  }
}

TEST_CASE("a frame that is cut short anywhere is refused") {
  auto bytes = sample_push(9).segments().flatten();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_THROWS_AS((void)frame::unflatten(std::span{bytes}.first(size)), malformed_message);
}

TEST_CASE("a frame that claims more than the limits is refused before memory is taken for it") {
  std::vector<std::uint32_t> segments_too_many{0xfffffff0u, 0};
  CHECK_THROWS_WITH_AS((void)frame::unflatten(std::as_bytes(std::span{segments_too_many})),
                       doctest::Contains("segments"), malformed_message);
  std::vector<std::uint32_t> bytes_too_many{0, 0xffffffffu};
  CHECK_THROWS_WITH_AS((void)frame::unflatten(std::as_bytes(std::span{bytes_too_many})), doctest::Contains("at most"),
                       malformed_message);
  std::vector<std::uint32_t> not_there{0, 1000};
  CHECK_THROWS_WITH_AS((void)frame::unflatten(std::as_bytes(std::span{not_there})), doctest::Contains("ends after"),
                       malformed_message);
}
