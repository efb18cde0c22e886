#include "drover/actors/node/data_sender.hpp"
#include "drover/actors/node/data_slice.hpp"
#include "drover/actors/node/node.hpp"
#include "drover/actors/node/node_config.hpp"
#include "drover/actors/node/receive_data.hpp"
#include "drover/actors/node/train_on_nodes.hpp"
#include "drover/models/data/dense_dataset.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>

#include "tests/actors/blobs.hpp"
#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Nodes without data of their own, and a trainer that has some, in one process.

using namespace drover;

namespace {

struct meta_objects {
  meta_objects() { init_node_meta_objects(); }
};

struct bare_place : meta_objects {
  node_config config{std::nullopt, 1};
  caf::actor_system system{config};
  node_options without_data;
  node here{system, without_data};
};

struct bare_system : meta_objects {
  node_config config{std::nullopt, 1};
  caf::actor_system system{config};
};

job bsp_job() {
  auto what = test::blob_job();
  what->setData("/nowhere");
  what->setConsistency("bsp");
  what->setWorkers(3);
  what->setShards(2);
  what->setEpochs(2);
  what->setBatchSize(100);
  return what;
}

// As many as are sent in several slices.
dataset_pair many_blobs() {
  return test::blob_data(30'000);
}

dataset_pair as_bytes(const dataset_pair& floats) {
  auto made = [](const dataset& data, std::size_t size) {
    std::vector<std::uint32_t> samples(size), labels(size);
    for (std::uint32_t i = 0; i < size; ++i)
      samples[i] = i;
    std::vector<float> values(size * data.shape().features);
    data.read(samples, values, labels);
    std::vector<std::uint8_t> bytes;
    for (auto value : values)
      bytes.push_back(static_cast<std::uint8_t>(std::min(1.0f, std::max(0.0f, value)) * 255.0f));
    return std::make_shared<dense_dataset>(data.shape(), std::move(bytes), std::move(labels));
  };
  return {made(*floats.train, floats.train->size()), made(*floats.test, floats.test->size())};
}

train_result train_on(const std::vector<const bare_place*>& places, const dataset_pair& data, bool send_data) {
  node_access access;
  access.send_data = send_data;
  for (const auto* one : places)
    access.nodes.push_back(one->here.address());
  return train_on_nodes(bsp_job(), access, test::with(data));
}

// What a node is told that gets its data from there.
template <class Handle>
std::string refusal_from(caf::actor_system& system, const Handle& sender, const std::string& token) {
  caf::scoped_actor node{system};
  try {
    (void)receive_data(system, sender, token, caf::actor_cast<caf::actor>(node.ptr()));
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

data_sender_actor sender_of(caf::actor_system& system, const dataset_pair& data) {
  return system.spawn(data_sender_behavior, job_context::make(bsp_job(), standard_models(), data),
                      std::string{"right"});
}

// Answers once, and ends.
data_sender_actor::behavior_type mortal_sender(data_sender_actor::pointer self, const dataset_pair& data) {
  return {[self, data](const ask_data& request) -> caf::result<message<messages::DataSlice>> {
    self->quit();
    return slice_of(*data.train, request.first);
  }};
}

} // namespace

TEST_CASE("nodes that have no data train on those that the trainer sends, and learn the bits of one process") {
  bare_place one;
  bare_place other;
  for (const auto& data : {many_blobs(), as_bytes(many_blobs())}) {
    auto alone = test::flat(*train(bsp_job(), test::with(data)).parameters);
    auto together = test::flat(*train_on({&one, &other}, data, true).parameters);
    REQUIRE(alone.size() == together.size());
    CHECK(std::memcmp(alone.data(), together.data(), alone.size() * sizeof(float)) == 0);
  }
}

TEST_CASE("nodes that have no data are all named, with the advice to send them") {
  bare_place one;
  bare_place other;
  std::string sentence;
  try {
    (void)train_on({&one, &other}, test::blob_data(600), false);
  } catch (const std::runtime_error& error) {
    sentence = error.what();
  }
  auto none = ": /nowhere does not exist: a folder of IDX or CSV files, a CSV or a LIBSVM file is needed";
  CHECK(sentence == "not every node can be used: " + to_string(one.here.address()) + none + "; " +
                        to_string(other.here.address()) + none +
                        "; say --send-data to have the trainer send its data to the nodes");
}

TEST_CASE("who does not know the token gets no data") {
  bare_system here;
  auto sender = sender_of(here.system, test::blob_data(600));
  CHECK(refusal_from(here.system, sender, "wrong") == "the token is not this job's");
  CHECK(refusal_from(here.system, sender, "right").empty());
  caf::anon_send_exit(sender, caf::exit_reason::user_shutdown);
}

TEST_CASE("a trainer that ends while it sends ends the waiting for data") {
  bare_system here;
  data_sender_actor sender = here.system.spawn(mortal_sender, many_blobs());
  // First while it sends, then after it ended.
  for (int i = 0; i < 2; ++i)
    CHECK(refusal_from(here.system, sender, "") == "the trainer or this node ended while the data were sent");
}
