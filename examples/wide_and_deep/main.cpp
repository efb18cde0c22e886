// Trains a wide and deep model of ratings on two shards with two workers: rows of users and items are sparse tables
// that are updated as pushes come, while the dense layers stay in step. Beside it the same job all in step, the wide
// part alone, and matrix factorization.
//
//     wide_and_deep --data RATINGS [--epochs N] [--learning-rate X] …      flags as of drover train

#include <drover/actors/cluster.hpp>
#include <drover/actors/job_data.hpp>

#include "deep_part.hpp"
#include "summed_model.hpp"
#include "wide_part.hpp"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

std::unique_ptr<summed_model> make_wide(const drover::model_request& request) {
  if (!request.arguments.empty() || request.l2 != 0)
    throw std::invalid_argument("models wide and wide-and-deep have no arguments and no l2: leave them out");
  auto result = std::make_unique<summed_model>(request.rating_mean);
  result->add(std::make_unique<wide_part>(request.shape, result->next_tensor()));
  return result;
}

std::unique_ptr<summed_model> make_wide_and_deep(const drover::model_request& request) {
  auto result = make_wide(request);
  result->add(std::make_unique<deep_part>(request.shape, request.activation, *request.device, result->next_tensor(),
                                          deep_part::sizes{}));
  return result;
}

drover::model_registry models() {
  auto result = drover::standard_models();
  const drover::model_traits ratings{.reads = drover::sample_kind::ratings, .has_classes = false};
  result.add("wide", make_wide, ratings);
  result.add("wide-and-deep", make_wide_and_deep, ratings);
  return result;
}

drover::job job_of(int argc, char** argv) {
  drover::job result;
  result->setHoldout(0.1);
  result->setConsistency("bsp");
  result->setTables(drover::messages::Tables::SPARSE);
  result->setWorkers(2);
  result->setShards(2);
  result->setEpochs(12);
  result->setBatchSize(64);
  result->setOptimizer(drover::messages::Optimizer::ADAGRAD);
  result->setLearningRate(0.1);
  for (int i = 1; i < argc; i += 2) {
    std::string_view flag = argv[i];
    if (!flag.starts_with("--") || i + 1 == argc)
      throw std::invalid_argument("say --data RATINGS, and more flags with their values: " + std::string{flag} +
                                  " is none");
    drover::set_field(result, flag.substr(2), argv[i + 1]);
  }
  return result;
}

/// Trains one model and prints how far from the test ratings it is after each epoch. `tables`: their own consistency,
/// or nothing.
void train(drover::job job, const drover::dataset_pair& data, const char* model, const char* tables) {
  std::printf("%s, %s\n", model, *tables == 0 ? "all in step" : "rows at once");
  job->setModel(model);
  job->setTableConsistency(tables);
  drover::train_options options;
  options.models = models();
  options.data = data;
  std::uint64_t dense_staleness = 0;
  options.on_progress = [&dense_staleness](drover::messages::Progress::Reader news) {
    dense_staleness = news.getStalenessMax();
    if (news.getTest().isResult())
      std::printf("  epoch %2u  RMSE %.4f\n", news.getEpoch(), std::sqrt(news.getTest().getResult().getLoss()));
  };
  auto result = drover::train(job, std::move(options));
  auto summary = result.summary.read();
  if (summary->getOutcome() != drover::messages::Summary::Outcome::COMPLETED)
    throw std::runtime_error(summary->getSentence().cStr());
  std::uint64_t row_staleness = 0;
  for (auto shard : summary->getShards())
    row_staleness = std::max(row_staleness, shard.getRowStalenessMax());
  std::printf("  test RMSE %.4f after %.1f s, updates missed at most: %llu of dense tensors, %llu of rows\n",
              std::sqrt(summary->getTestLoss()), summary->getSeconds(),
              static_cast<unsigned long long>(dense_staleness), static_cast<unsigned long long>(row_staleness));
}

} // namespace

int main(int argc, char** argv) try {
  auto job = job_of(argc, argv);
  job->setModel("wide-and-deep");
  auto data = drover::load_data(job, models());
  train(job, data, "wide", "");
  train(job, data, "mf:rank=8", "");
  train(job, data, "wide-and-deep", "");
  train(job, data, "wide-and-deep", "asp");
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "wide_and_deep: %s\n", error.what());
  return 1;
}
