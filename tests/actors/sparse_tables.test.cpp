// Rows of sparse tables over shards, against the same parameters in blocks.

#include "drover/actors/cluster.hpp"

#include <doctest/doctest.h>

#include "tests/actors/blobs.hpp"
#include "tests/actors/sparse_blobs.hpp"
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace drover;

namespace {

job in_step(const std::string& model) {
  job what;
  what->setModel(model);
  what->setConsistency("bsp");
  what->setWorkers(3);
  what->setEpochs(2);
  what->setBatchSize(20);
  what->setBlockBytes(4096);
  what->setLearningRate(0.2);
  what->setL2(0.5);
  return what;
}

// All tensors, however they lie in blocks.
std::vector<float> elements_of(const model_snapshot& parameters) {
  std::vector<float> result;
  auto view = parameters.view();
  for (std::size_t tensor = 0; tensor < parameters.layout().tensors().size(); ++tensor)
    for (std::size_t i = 0; i < view.slabs(tensor); ++i) {
      auto values = view.slab_of(tensor, i).values;
      result.insert(result.end(), values.begin(), values.end());
    }
  return result;
}

std::vector<float> trained_as(job what, const dataset_pair& data, messages::Tables tables, std::uint32_t shards) {
  what->setTables(tables);
  what->setShards(shards);
  return elements_of(test::checked_train(what, test::with(data)).parameters.value());
}

std::string table_refusal(const std::function<void()>& what) {
  try {
    what();
  } catch (const std::invalid_argument& refused) {
    return refused.what();
  }
  return "nothing is refused";
}

struct told_of_rows {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::uint64_t evicted = 0;
  std::uint64_t refused = 0;
  std::uint64_t staleness_max = 0;
};

told_of_rows rows_of(messages::Summary::Reader summary) {
  told_of_rows result;
  for (auto shard : summary.getShards()) {
    result.rows += shard.getRows();
    result.bytes = std::max(result.bytes, shard.getRowBytes());
    result.evicted += shard.getRowsEvicted();
    result.refused += shard.getUpdatesRefused();
    result.staleness_max = std::max(result.staleness_max, shard.getRowStalenessMax());
  }
  return result;
}

} // namespace

TEST_CASE("sparse tables make the bits of dense ones, on 1 shard and on 4") {
  auto rows = test::rcv1_like(1'200, 200, 5'000);
  auto ratings = test::ratings_like(2'000, 200, 60, 40);
  for (auto rule : {messages::Optimizer::SGD, messages::Optimizer::ADAGRAD, messages::Optimizer::FTRL})
    for (const char* model : {"svm", "logistic:bias", "mf:rank=8"}) {
      CAPTURE(model);
      auto is_mf = std::string{model}.starts_with("mf");
      // ftrl computes a factor anew from its sums at every update, which rounds, even where the gradient is 0.
      if (is_mf && rule == messages::Optimizer::FTRL)
        continue;
      auto what = in_step(model);
      what->setOptimizer(rule);
      const auto& data = is_mf ? ratings : rows;
      auto dense = trained_as(what, data, messages::Tables::DENSE, 1);
      CHECK(trained_as(what, data, messages::Tables::SPARSE, 1) == dense);
      CHECK(trained_as(what, data, messages::Tables::SPARSE, 4) == dense);
    }
}

TEST_CASE("with tables workers move what their samples need, and auto takes them where that is little") {
  auto data = test::rcv1_like(600, 100, 40'000);
  auto what = in_step("svm");
  what->setConsistency("asp");
  what->setWorkers(1);
  auto summary = test::checked_train(what, test::with(data)).summary;
  auto moved = summary.read()->getBytesPulled();
  CHECK(moved < 2u * 600 * 75 * sizeof(float));
  CHECK(rows_of(*summary.read()).rows > 1'000);
  what->setTables(messages::Tables::DENSE);
  auto in_blocks = test::checked_train(what, test::with(data)).summary;
  CHECK(in_blocks.read()->getBytesPulled() > 10 * moved);
  CHECK(rows_of(*in_blocks.read()).rows == 0);
}

TEST_CASE("with prefetch and stale gradients tables learn as well, and the bound holds") {
  auto data = test::rcv1_like(4'000, 1'000, 5'000);
  auto what = in_step("logistic");
  what->setConsistency("ssp:2");
  what->setPrefetch(true);
  what->setShards(2);
  what->setL2(0);
  what->setLearningRate(5);
  what->setEpochs(8);
  auto summary = test::checked_train(what, test::with(data)).summary;
  CHECK(summary.read()->getTestAccuracy() > 0.7);
}

TEST_CASE("rows are kept from their third update on, and within their bytes, and it is told how many were not") {
  auto data = test::rcv1_like(2'000, 200, 20'000);
  auto what = in_step("svm");
  auto all = rows_of(*test::checked_train(what, test::with(data)).summary.read());
  what->setAdmitAfter(3);
  auto admitted = rows_of(*test::checked_train(what, test::with(data)).summary.read());
  CHECK(admitted.rows < all.rows);
  CHECK(admitted.refused > 0);
  what->setAdmitAfter(1);
  what->setTableBytes(100'000);
  auto limited = rows_of(*test::checked_train(what, test::with(data)).summary.read());
  CHECK(limited.evicted > 0);
  CHECK(limited.bytes <= 100'000);
}

TEST_CASE("in step, tables may go alone, and what they miss of others is measured") {
  auto data = test::ratings_like(4'000, 400, 60, 40);
  auto what = in_step("mf:rank=8");
  what->setTables(messages::Tables::SPARSE);
  what->setTableConsistency("asp");
  what->setL2(0.02);
  what->setLearningRate(0.5);
  what->setEpochs(10);
  auto result = test::checked_train(what, test::with(data));
  CHECK(rows_of(*result.summary.read()).staleness_max < 3);
  CHECK(result.summary.read()->getTestLoss() < 1.5);
}

TEST_CASE("tables are refused where they cannot be, with what is allowed") {
  auto rows = test::rcv1_like(200, 50, 500);
  auto refusal = [&rows](const std::function<void(job&)>& change, const char* model = "svm") {
    auto what = in_step(model);
    change(what);
    return table_refusal([&] { (void)train(what, test::with(rows)); });
  };
  CHECK(refusal([](job& what) {
          what->setTables(messages::Tables::SPARSE);
          what->setConsistency("hogwild");
        }) ==
        "sparse tables (tables, admitAfter, tableBytes, tableConsistency) are for shards that workers ask for rows: "
        "with hogwild, dsgd and nomad leave them out, or let the consistency be asp");
  CHECK(refusal([](job& what) {
          what->setTables(messages::Tables::DENSE);
          what->setAdmitAfter(2);
        }) ==
        "sparse tables (tables, admitAfter, tableBytes, tableConsistency) are asked for, and tables is dense: leave "
        "out one of them");
  CHECK(refusal([](job& what) {
          what->setTables(messages::Tables::SPARSE);
          what->setConsistency("asp");
          what->setCompensation(messages::Compensation::DC_ASGD);
        }) ==
        "sparse tables (tables, admitAfter, tableBytes, tableConsistency) do not keep what a worker has read: leave "
        "out the compensation, or let it be stalenessAware");
  CHECK(refusal([](job& what) { what->setTableConsistency("ssp:1"); }) ==
        "tableConsistency: 'ssp:1' is not known; say asp, or leave it out");
  CHECK(refusal([](job& what) {
          what->setTableConsistency("asp");
          what->setConsistency("ssp:1");
        }) ==
        "tableConsistency is for jobs whose dense tensors are in step: let the consistency be bsp, or leave it out");
}
