#include "drover/actors/node/receive_data.hpp"

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/node/data_collector.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/models/data/dense_dataset.hpp"

#include <caf/scoped_actor.hpp>
#include <kj/exception.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <unistd.h>
#include <vector>

namespace drover {

namespace {

// For one slice, also over a slow link.
constexpr std::chrono::minutes slice_timeout{1};

double memory_bytes() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

void add(data_collector& collected, const message<messages::DataSlice>& slice) {
  try {
    collected.add(*slice.read());
  } catch (const kj::Exception& error) {
    throw std::runtime_error(std::string{"the data that the trainer sends cannot be read: "} +
                             error.getDescription().cStr());
  }
}

} // namespace

dataset_pair receive_data(caf::actor_system& system, const data_sender_actor& from, const std::string& token,
                          const caf::actor& node) {
  data_collector collected{memory_bytes()};
  caf::scoped_actor self{system};
  // A request would not be told that the trainer dies: what is sent and what is monitored come in at the same place.
  self->monitor(from);
  self->monitor(node);
  while (!collected.is_complete()) {
    compat::send(self.ptr(), from, ask_data{token, collected.next()});
    self->receive([&collected](const message<messages::DataSlice>& slice) { add(collected, slice); },
                  [&system](const caf::error& problem) { throw std::runtime_error(explain(system, problem)); },
                  [](const caf::down_msg&) {
                    throw std::runtime_error("the trainer or this node ended while the data were sent");
                  },
                  caf::after(slice_timeout) >>
                      [] {
                        throw std::runtime_error("the trainer has sent no data for " +
                                                 std::to_string(slice_timeout.count()) + " min");
                      });
  }
  auto train = collected.finish();
  auto none = std::make_shared<dense_dataset>(train->shape(), std::vector<float>{}, std::vector<std::uint32_t>{});
  return {std::move(train), std::move(none)};
}

} // namespace drover
