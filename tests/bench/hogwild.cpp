#include "drover/actors/cluster.hpp"
#include "drover/actors/core/block_store.hpp"
#include "drover/actors/in_place_step.hpp"
#include "drover/models/random.hpp"

#include "tests/actors/sparse_blobs.hpp"
#include "tests/bench/measure.hpp"
#include <cstdio>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

// Sparse models in place: an epoch of a job with one and two workers, beside the bare loop that a worker runs and
// beside a pass that only reads the samples in the same order, which is what memory allows.

using namespace drover;
using namespace drover::bench;

namespace {

constexpr std::uint32_t epochs = 4;

/// An epoch of `what` by actors, in units a second.
double job_rate(job what, const dataset_pair& data, std::uint32_t workers, double units_a_sample) {
  what->setWorkers(workers);
  what->setEpochs(epochs);
  train_options how;
  how.data = data;
  auto result = train(what, std::move(how));
  return result.summary.read()->getSamplesPerSecond() * units_a_sample;
}

/// The same without actors: batch after batch in one thread.
double bare_rate(job what, const dataset_pair& data, double units_a_sample) {
  what->setWorkers(1);
  what->setEpochs(epochs);
  auto context = job_context::make(what, standard_models(), data);
  auto device = gpu::make_cpu_device();
  auto rules = job_rules::of(context->what.read(), context->plan.steps, context->plan.steps_per_epoch);
  block_store store{*context->plan.layout, context->plan.blocks_of(0), 1, *rules.rule, *rules.compensate, *device};
  context->lent->lend(store.lend_in_place());
  in_place_step step{context};
  auto batches = context->batches_of(0);
  double samples = 0;
  auto seconds = seconds_of([&] {
    for (std::uint64_t t = 0; t < context->plan.steps; ++t)
      samples += static_cast<double>(step.compute(batches.at(t), t).result.samples);
  });
  return samples * units_a_sample / seconds;
}

std::vector<std::uint32_t> shuffled(std::size_t count) {
  std::vector<std::uint32_t> result(count);
  std::iota(result.begin(), result.end(), 0u);
  random_sequence random{5};
  for (auto left = count; left > 1; --left)
    std::swap(result[left - 1], result[random.below(left)]);
  return result;
}

double read_rows(const sparse_rows_view& rows, std::span<const std::uint32_t> order) {
  return static_cast<double>(rows.columns.size()) / seconds_of([&] {
           std::uint64_t columns = 0;
           float values = 0;
           for (auto sample : order) {
             auto row = rows[sample];
             for (std::size_t k = 0; k < row.columns.size(); ++k) {
               columns += row.columns[k];
               values += row.values[k];
             }
           }
           asm volatile("" ::"r"(columns), "x"(values) : "memory");
         });
}

double read_ratings(std::span<const rating> ratings, std::span<const std::uint32_t> order) {
  return static_cast<double>(ratings.size()) / seconds_of([&] {
           std::uint64_t indices = 0;
           for (auto sample : order)
             indices += ratings[sample].user + ratings[sample].item;
           asm volatile("" ::"r"(indices) : "memory");
         });
}

void compare(contest& sides, const std::string& unit, std::size_t rounds) {
  sides.run(rounds);
  for (std::size_t side = 0; side < sides.size(); ++side)
    std::printf("%-24s %8.1f M %s/s   x bare loop %s\n", sides.name(side).c_str(), sides.rate(side).median / 1e6,
                unit.c_str(), to_string(sides.ratio(side, 1)).c_str());
}

void add_runs(contest& sides, const job& what, const dataset_pair& data, double units_a_sample) {
  sides.add("bare loop", [&what, &data, units_a_sample] { return bare_rate(what, data, units_a_sample); });
  for (std::uint32_t workers : {1u, 2u})
    sides.add("job, workers: " + std::to_string(workers),
              [&what, &data, units_a_sample, workers] { return job_rate(what, data, workers, units_a_sample); });
}

void svm(std::size_t rounds) {
  print_title("sparse SVM of RCV1's shape, nonzeros a second");
  auto data = test::rcv1_like(100'000, 100);
  const auto& rows = *data.train->rows();
  auto order = shuffled(rows.size());
  auto what = test::published_svm();
  contest sides;
  sides.add("reading alone", [&] { return read_rows(rows, order); });
  add_runs(sides, what, data, static_cast<double>(rows.columns.size()) / static_cast<double>(rows.size()));
  compare(sides, "nonzeros", rounds);
}

void factors(std::size_t rounds) {
  print_title("matrix factorization, rank 32, 10 million ratings of 480,189 users and 17,770 items, ratings a second");
  auto data = test::ratings_like(10'000'000, 100, 480'189, 17'770);
  auto order = shuffled(data.train->size());
  job what;
  what->setModel("mf:rank=32");
  what->setConsistency("hogwild");
  what->setL2(0.02);
  contest sides;
  sides.add("reading alone", [&] { return read_ratings(data.train->ratings(), order); });
  add_runs(sides, what, data, 1);
  compare(sides, "ratings", rounds);
}

} // namespace

int main(int argc, char** argv) {
  auto rounds = rounds_of(argc, argv, 5);
  svm(rounds);
  factors(rounds);
}
