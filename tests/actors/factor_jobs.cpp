#include "tests/actors/factor_jobs.hpp"

#include "tests/actors/blobs.hpp"
#include <cmath>

namespace drover::test {

job factor_job(const std::string& consistency, std::uint32_t workers, std::uint32_t epochs) {
  job result;
  result->setModel("mf:rank=8");
  result->setConsistency(consistency);
  result->setWorkers(workers);
  result->setEpochs(epochs);
  result->setLearningRate(0.03);
  result->setL2(0.02);
  return result;
}

double held_out_rmse(const job& what, const dataset_pair& data) {
  return std::sqrt(checked_train(what, with(data)).summary.read()->getTestLoss());
}

} // namespace drover::test
