#include "drover/actors/core/consistency.hpp"
#include "drover/actors/job.hpp"
#include "drover/actors/job_value.hpp"
#include "drover/actors/worker_device.hpp"

#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace drover {

namespace {

namespace fs = std::filesystem;

using messages::Compensation;
using messages::Optimizer;

constexpr std::uint32_t batch_size_default = 32;

std::string_view view(capnp::Text::Reader text) {
  return {text.begin(), text.size()};
}

double default_learning_rate(Optimizer rule, std::string_view model) {
  switch (rule) {
  case Optimizer::SGD:
    // Steps of factors grow with the ratings: those that Surprise and others start from are near this.
    return model == "mf" ? 0.01 : 0.1;
  case Optimizer::FTRL:
    return 0.1;
  case Optimizer::MOMENTUM:
  case Optimizer::NESTEROV:
  case Optimizer::ADAGRAD:
    return 0.01;
  case Optimizer::RMSPROP:
  case Optimizer::ADAM:
  case Optimizer::ADAMW:
    break;
  }
  return 0.001;
}

// Lambda where the correction is constant, lambda_0 where it adapts: Zheng et al. 2017.
double default_lambda(Compensation how) {
  return how == Compensation::DC_ASGD_ADAPTIVE ? 2 : 0.04;
}

// FTRL's weights follow from sums that were taken with its learning rate: another rate would be another model.
void check_ftrl(messages::Job::Reader fields) {
  if (fields.getOptimizer() != Optimizer::FTRL)
    return;
  auto refuse = [](const std::string& what) {
    throw std::invalid_argument("ftrl has a rate for each parameter that shrinks by itself: " + what);
  };
  if (fields.getSchedule() != messages::Schedule::CONSTANT || fields.getWarmupEpochs() != 0)
    refuse("leave out the schedule and warmupEpochs");
  if (fields.getCompensation() == Compensation::STALENESS_AWARE)
    refuse("leave out the compensation");
  if (fields.getWeightDecay() != 0)
    refuse("leave out weightDecay, its l2 does that");
  if (fields.getFtrlBeta() == 0 && fields.getL2() == 0)
    refuse("let ftrlBeta or l2 be more than 0, or its first step has no length");
}

std::string_view model_name(messages::Job::Reader fields) {
  auto name = view(fields.getModel());
  return name.substr(0, name.find(':'));
}

void check_model(messages::Job::Reader fields) {
  // Which models there are is the registry's to say.
  if (model_name(fields).empty())
    throw std::invalid_argument("model is without a name: say softmax, or mlp:256,128");
}

void check_in_place(messages::Job::Reader fields) {
  auto refuse = [fields](const std::string& what) {
    throw std::invalid_argument(std::string{view(fields.getConsistency())} +
                                " writes single parameters as soon as it has them: " + what +
                                ", or let the consistency be asp");
  };
  auto rule = fields.getOptimizer();
  if (rule != Optimizer::SGD && rule != Optimizer::ADAGRAD && rule != Optimizer::FTRL)
    refuse("let the optimizer be sgd, adagrad or ftrl");
  if (fields.getCompensation() != Compensation::NONE)
    refuse("leave out the compensation");
  if (fields.getPrefetch())
    refuse("leave out prefetch");
  if (fields.getWeightDecay() != 0)
    refuse("leave out weightDecay, l2 does that to the parameters that a sample has");
  if (fields.getClipNorm() != 0)
    refuse("leave out clipNorm");
  if (view(fields.getDevice()).starts_with("cuda") || fields.getDevices().size() != 0)
    refuse("leave out device and devices");
}

// Rows by themselves: not where memory is lent, nor where a shard would have to keep what each worker read.
void check_tables(messages::Job::Reader fields) {
  auto wanted = fields.getTables() == messages::Tables::SPARSE || fields.getAdmitAfter() > 1 ||
                fields.getTableBytes() > 0 || fields.getTableConsistency().size() != 0;
  if (!wanted)
    return;
  auto refuse = [](const std::string& why) {
    throw std::invalid_argument("sparse tables (tables, admitAfter, tableBytes, tableConsistency) " + why);
  };
  if (fields.getTables() == messages::Tables::DENSE)
    refuse("are asked for, and tables is dense: leave out one of them");
  if (works_in_place(fields))
    refuse("are for shards that workers ask for rows: with hogwild, dsgd and nomad leave them out, or let the "
           "consistency be "
           "asp");
  if (auto own = view(fields.getTableConsistency()); !own.empty()) {
    if (own != "asp")
      throw std::invalid_argument("tableConsistency: '" + std::string{own} +
                                  "' is not known; say asp, or leave it out");
    if (view(fields.getConsistency()) != "bsp")
      throw std::invalid_argument(
          "tableConsistency is for jobs whose dense tensors are in step: let the consistency be "
          "bsp, or leave it out");
  }
  if (needs_backup(fields))
    refuse("do not keep what a worker has read: leave out the compensation, or let it be stalenessAware");
}

void check_blocks(messages::Job::Reader fields, consistency_mode::kind family) {
  if (fields.getBatchSize() != 0 && family == consistency_mode::kind::dsgd)
    throw std::invalid_argument("a step of dsgd is a block of ratings, whatever its size: leave out batchSize");
  if (fields.getSilenceSeconds() != 0)
    throw std::invalid_argument("with " + std::string{view(fields.getConsistency())} +
                                " each worker has users of its own, and nobody goes on without it: leave out "
                                "silenceSeconds");
}

void check_consistency(messages::Job::Reader fields) {
  auto mode = consistency_mode::parse(view(fields.getConsistency()));
  if (make_consistency(mode)->in_place())
    check_in_place(fields);
  if (mode.family == consistency_mode::kind::dsgd || mode.family == consistency_mode::kind::nomad)
    check_blocks(fields, mode.family);
  if (mode.family != consistency_mode::kind::bsp)
    return;
  if (fields.getCompensation() != Compensation::NONE)
    throw std::invalid_argument(
        "bsp has no staleness to compensate: leave out the compensation, or let the consistency "
        "be ssp:S or asp");
  if (fields.getPrefetch())
    throw std::invalid_argument(
        "bsp lets nobody pull before all have pushed, so there is nothing to prefetch: leave out "
        "prefetch, or let the consistency be ssp:S or asp");
}

/// Without links and dots; a path that cannot be resolved as it is, but for dots.
fs::path resolved(const fs::path& path) {
  std::error_code unknown;
  auto whole = fs::absolute(path, unknown);
  auto result = fs::weakly_canonical(whole, unknown);
  return unknown ? whole.lexically_normal() : result;
}

bool same_file(const fs::path& one, const fs::path& other) {
  std::error_code unknown;
  return !one.empty() && !other.empty() && (resolved(one) == resolved(other) || fs::equivalent(one, other, unknown));
}

// What is written must not take the place of what is read, or of each other.
void check_files(messages::Job::Reader fields, const fs::path& job_file) {
  if (fields.hasTestData() && fields.getTestData().size() > 0 && fields.getHoldout() > 0)
    throw std::invalid_argument("testData and holdout both say what to test on: leave out one of them");
  const std::pair<const char*, fs::path> files[] = {{"save", fields.getSave().cStr()},
                                                    {"metrics", fields.getMetrics().cStr()},
                                                    {"data", fields.getData().cStr()},
                                                    {"testData", fields.getTestData().cStr()},
                                                    {"the job file", job_file}};
  fs::path data{fields.getData().cStr()};
  std::error_code unknown; // reading the data says what is wrong with them
  for (std::size_t written = 0; written < 2; ++written) {
    const auto& [name, path] = files[written];
    for (auto other = written + 1; other < std::size(files); ++other)
      if (same_file(path, files[other].second))
        throw std::invalid_argument(std::string{name} + " and " + files[other].first + " name the same file, " +
                                    path.string());
    // What is read of a folder lies in it, not in folders below.
    if (!path.empty() && fs::is_directory(data, unknown) && resolved(path).parent_path() == resolved(data))
      throw std::invalid_argument(std::string{name} + ", " + path.string() + ", lies in the folder of the data, " +
                                  data.string() + ": name another folder");
  }
}

} // namespace

bool works_in_place(messages::Job::Reader what) {
  return make_consistency(consistency_mode::parse(view(what.getConsistency())))->in_place();
}

bool needs_backup(messages::Job::Reader what) {
  return what.getCompensation() == Compensation::DC_ASGD || what.getCompensation() == Compensation::DC_ASGD_ADAPTIVE;
}

void refuse_in_place(messages::Job::Reader what, const std::string& where) {
  if (works_in_place(what))
    throw std::invalid_argument(where + ": " + std::string{view(what.getConsistency())} +
                                " works in the memory of one process; let the consistency be asp, or ssp:S");
}

job resolve(const job& source, const fs::path& file) {
  job result{source};
  auto fields = result.edit();
  check_limits(fields);
  check_model(fields);
  check_consistency(fields);
  check_tables(fields);
  check_ftrl(fields);
  check_devices(fields);
  check_files(fields, file);
  if (fields.getLearningRate() == 0)
    fields.setLearningRate(default_learning_rate(fields.getOptimizer(), model_name(fields)));
  // In place it follows from the number of samples.
  if (fields.getBatchSize() == 0 && !works_in_place(fields))
    fields.setBatchSize(batch_size_default);
  if (fields.getCompensationLambda() == 0)
    fields.setCompensationLambda(default_lambda(fields.getCompensation()));
  return result;
}

} // namespace drover
