#include "drover/messages/message.hpp"

#include "drover/messages/job.capnp.h"
#include "drover/messages/training.capnp.h"

#include <doctest/doctest.h>
#include <kj/exception.h>

#include <thread>
#include <vector>

using namespace drover;

TEST_CASE("bulk data in a message lie where they lay before, and live as long as the message") {
  auto memory = std::make_shared<bulk>(1000);
  memory->values()[999] = 7.0f;
  std::weak_ptr<bulk> alive{memory};
  auto where = memory->values().data();
  message<messages::ParametersPulled> pulled;
  {
    message_builder<messages::ParametersPulled> answer;
    auto blocks = answer->initBlocks(1);
    blocks[0].adoptValues(answer.refer(memory->values(), memory));
    memory.reset();
    pulled = answer.finish();
  }
  {
    auto view = pulled.read();
    CHECK(static_cast<const void*>(view->getBlocks()[0].getValues().begin()) == where);
    CHECK(reinterpret_cast<const float*>(view->getBlocks()[0].getValues().begin())[999] == 7.0f);
  }
  CHECK_FALSE(alive.expired());
  pulled = {};
  CHECK(alive.expired());
}

TEST_CASE("a message may be read from many threads at once") {
  message_builder<messages::PullParameters> pull;
  pull->setClock(12);
  auto sent = pull.finish();
  std::vector<std::uint64_t> seen(4);
  {
    std::vector<std::jthread> readers;
    for (auto& slot : seen)
      readers.emplace_back([&slot, sent] {
        for (int i = 0; i < 1000; ++i)
          slot = sent.read()->getClock();
      });
  }
  for (auto clock : seen)
    CHECK(clock == 12);
}

TEST_CASE("a field that was not set has the schema's default") {
  message_builder<messages::Job> empty;
  auto job = empty.finish();
  CHECK(job.read()->getEpochs() == 10);
  CHECK(job.read()->getConsistency() == "ssp:3");
}

TEST_CASE("a small message that reads as a huge one runs into the traversal limit") {
  // A list of 2^29 - 1 void elements takes no space: reading each would take forever.
  std::vector<std::uint64_t> words{
      0x0001000000000000ull,                                // root struct: no data, one pointer
      (std::uint64_t{(0x1fffffffull << 3) | 0} << 32) | 1u, // list of void
  };
  auto memory = std::make_shared<std::vector<std::uint64_t>>(words);
  auto forged = std::make_shared<frame>();
  forged->add({reinterpret_cast<const capnp::word*>(memory->data()), memory->size()}, memory);
  message<messages::PushGradient> push{forged};
  CHECK_THROWS_AS((void)push.read()->getBlocks().size(), kj::Exception);
}
