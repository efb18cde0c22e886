// Matrix factorization of rank 32, 10 million ratings of Netflix's shape: ratings a second and the time to equal RMSE
// on 100,000 others, by every way that works in shared memory, beside LIBMF. Limit: reading a rating's two rows of
// factors from memory, and writing them: drover_bench_hogwild has what reading the ratings alone takes.
//
//     drover_bench_factorization [ROUNDS [MF_TRAIN]]
//
// MF_TRAIN: LIBMF's program of that name (Chin, Yuan, Yang, Juan and Lin 2016), which takes its turn in each round.
// Empty: none. Its time begins when it does its first iteration, with the ratings read, scaled and in blocks; Drover's
// when the job does, with the ratings read.

#include "drover/actors/cluster.hpp"
#include "drover/models/data/dataset.hpp"

#include "tests/actors/sparse_blobs.hpp"
#include "tests/bench/measure.hpp"
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

using namespace drover;
using namespace drover::bench;

namespace {

constexpr std::size_t ratings = 10'000'000;
constexpr std::uint32_t epochs = 20;

struct point {
  double seconds;
  double rmse; ///< of ratings that are not trained on
};
/// One point an epoch.
using curve = std::vector<point>;

double lowest(const curve& of) {
  return std::ranges::min(of, {}, &point::rmse).rmse;
}

double seconds_to(const curve& of, double rmse) {
  return std::ranges::find_if(of, [rmse](const point& one) { return one.rmse <= rmse; })->seconds;
}

curve learn(const std::string& consistency, std::uint32_t workers, const dataset_pair& data) {
  job what;
  what->setModel("mf:rank=32");
  what->setConsistency(consistency);
  what->setWorkers(workers);
  what->setEpochs(epochs);
  what->setLearningRate(0.1);
  what->setL2(0.05);
  curve result;
  train_options how;
  how.data = data;
  how.on_progress = [&result](messages::Progress::Reader progress) {
    if (progress.getTest().isResult())
      result.push_back({progress.getSeconds(), std::sqrt(progress.getTest().getResult().getLoss())});
  };
  static_cast<void>(train(what, std::move(how)));
  if (result.size() != epochs)
    throw std::runtime_error("a job with " + consistency + " did not come to its end");
  return result;
}

/// The ratings as text for other programs, for as long as it is there.
class ratings_files {
public:
  explicit ratings_files(const dataset_pair& data)
      : folder_(std::filesystem::temp_directory_path() / ("drover-bench-" + std::to_string(getpid()))) {
    std::filesystem::create_directory(folder_);
    write(train(), *data.train);
    write(test(), *data.test);
  }
  ~ratings_files() { std::filesystem::remove_all(folder_); }
  ratings_files(const ratings_files&) = delete;
  ratings_files& operator=(const ratings_files&) = delete;

  [[nodiscard]] std::string train() const { return folder_ / "train"; }
  [[nodiscard]] std::string test() const { return folder_ / "test"; }

private:
  static void write(const std::string& path, const dataset& from) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(path.c_str(), "w"), std::fclose};
    if (!file)
      throw std::runtime_error(path + " cannot be written");
    for (const auto& one : from.ratings())
      std::fprintf(file.get(), "%u %u %.6f\n", one.user, one.item, static_cast<double>(one.value));
  }

  std::filesystem::path folder_;
};

/// What LIBMF writes of its iterations, and when: `iter tr_rmse va_rmse obj`, then a line of such numbers for each.
curve learn_as_libmf(const std::string& program, std::uint32_t threads, const ratings_files& files) {
  auto command = "exec '" + program + "' -k 32 -l2 0.05 -t " + std::to_string(epochs) + " -s " +
                 std::to_string(threads) + " -p '" + files.test() + "' '" + files.train() + "' /dev/null";
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> output{popen(command.c_str(), "r"), pclose};
  if (!output)
    throw std::runtime_error(program + " cannot be run");
  curve result;
  std::chrono::steady_clock::time_point begun;
  std::array<char, 256> line{};
  while (std::fgets(line.data(), line.size(), output.get())) {
    auto now = std::chrono::steady_clock::now();
    double rmse = 0;
    if (std::sscanf(line.data(), "%*u %*f %lf", &rmse) == 1)
      result.push_back({std::chrono::duration<double>(now - begun).count(), rmse});
    else
      begun = now;
    if (result.size() == epochs)
      break;
  }
  if (result.size() != epochs)
    throw std::runtime_error(program + " does not say how it learns");
  return result;
}

struct side {
  std::string name;
  std::function<curve()> learn;
  std::vector<double> rates; ///< one a round: ratings a second
  std::vector<double> times; ///< seconds to the RMSE that all sides reach in the round
  std::vector<double> reached;
};

std::vector<double> ratios(const std::vector<double>& of, const std::vector<double>& to) {
  std::vector<double> result;
  std::ranges::transform(of, to, std::back_inserter(result), [](double a, double b) { return a / b; });
  return result;
}

} // namespace

int main(int argc, char** argv) {
  print_title("matrix factorization, rank 32, 10 million ratings of 480,189 users and 17,770 items");
  auto data = test::ratings_like(ratings, 100'000, 480'189, 17'770);
  std::string program = argc > 2 ? argv[2] : "";
  std::vector<side> sides;
  auto add = [&sides](std::string name, std::function<curve()> learn) {
    sides.push_back({std::move(name), std::move(learn), {}, {}, {}});
  };
  for (auto consistency : {"hogwild", "dsgd", "nomad"})
    for (std::uint32_t workers : {1u, 2u})
      add(std::string{consistency} + ", workers: " + std::to_string(workers),
          [&data, consistency, workers] { return learn(consistency, workers, data); });
  auto others = sides.size();
  std::unique_ptr<ratings_files> files;
  if (!program.empty()) {
    files = std::make_unique<ratings_files>(data);
    for (std::uint32_t threads : {1u, 2u})
      add("LIBMF, threads: " + std::to_string(threads),
          [&program, &files, threads] { return learn_as_libmf(program, threads, *files); });
  }
  std::vector<double> targets;
  for (std::size_t round = 0; round < rounds_of(argc, argv, 3); ++round) {
    std::vector<curve> curves;
    for (const auto& one : sides)
      curves.push_back(one.learn());
    targets.push_back(lowest(std::ranges::max(curves, {}, lowest)));
    for (std::size_t i = 0; i < sides.size(); ++i) {
      sides[i].rates.push_back(static_cast<double>(ratings) * epochs / curves[i].back().seconds);
      sides[i].times.push_back(seconds_to(curves[i], targets.back()));
      sides[i].reached.push_back(lowest(curves[i]));
    }
  }
  std::printf("all reach an RMSE of %.4f\n", spread_of(targets).median);
  for (std::size_t i = 0; i < sides.size(); ++i) {
    std::printf("%-20s %7.2f M ratings/s, %7.2f s to that RMSE, %.4f at best", sides[i].name.c_str(),
                spread_of(sides[i].rates).median / 1e6, spread_of(sides[i].times).median,
                spread_of(sides[i].reached).median);
    if (i < others && others < sides.size()) {
      const auto& like = sides[others + i % 2];
      std::printf("   x LIBMF's rate %s, x its time %s",
                  to_string(spread_of(ratios(sides[i].rates, like.rates))).c_str(),
                  to_string(spread_of(ratios(sides[i].times, like.times))).c_str());
    }
    std::printf("\n");
  }
}
