#include "drover/actors/sim/hunted_world.hpp"

#include "drover/actors/sim/random.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace drover::sim {

namespace {

// Workers repeat what is lost after at most a minute, lose a tenth of it again, and a silent one is given up long
// before.
constexpr double deadline_seconds = 400;

class drawing {
public:
  drawing(std::uint64_t seed, bool swarm) : random_(seed, "hunt"), swarm_(swarm) {}

  [[nodiscard]] messages::Job::Reader fill(messages::Job::Builder job);
  [[nodiscard]] std::string cluster_of(messages::Job::Reader job);
  [[nodiscard]] double faults_end() const { return faults_end_; }

private:
  std::uint64_t whole(std::uint64_t low, std::uint64_t high) { return low + random_.below(high - low + 1); }
  double between(double low, double high) { return low + (high - low) * random_.uniform(); }
  bool wanted() { return !swarm_ || random_.chance(0.5); }
  template <std::size_t N>
  const char* one_of(const char* const (&words)[N]) {
    return words[random_.below(N)];
  }
  void add_faults(std::string& text, messages::Job::Reader job);

  random_stream random_;
  bool swarm_;
  double faults_end_ = 0;
};

messages::Job::Reader drawing::fill(messages::Job::Builder job) {
  constexpr messages::Optimizer rules[]{messages::Optimizer::SGD, messages::Optimizer::MOMENTUM,
                                        messages::Optimizer::ADAM};
  constexpr messages::Compensation compensations[]{
      messages::Compensation::NONE, messages::Compensation::STALENESS_AWARE, messages::Compensation::DC_ASGD,
      messages::Compensation::DC_ASGD_ADAPTIVE};
  auto mode = whole(0, 5);
  auto is_bsp = mode == 0;
  job.setConsistency(is_bsp ? "bsp" : mode == 1 ? "asp" : "ssp:" + std::to_string(whole(0, 4)));
  job.setOptimizer(rules[random_.below(std::size(rules))]);
  job.setLearningRate(0.05);
  if (!is_bsp) {
    job.setCompensation(compensations[random_.below(std::size(compensations))]);
    job.setCompensationLambda(0.04);
    job.setPrefetch(random_.chance(0.5));
  }
  job.setWorkers(static_cast<std::uint32_t>(whole(1, 6)));
  job.setShards(static_cast<std::uint32_t>(whole(1, 3)));
  job.setEpochs(static_cast<std::uint32_t>(whole(1, 3)));
  job.setPushCredits(static_cast<std::uint32_t>(whole(1, 4)));
  job.setSilenceSeconds(3);
  job.setStallSeconds(1e6); // the progress checker is stricter
  job.setSeed(whole(1, 1000));
  return job;
}

std::string drawing::cluster_of(messages::Job::Reader job) {
  auto text = [](double value) { return std::to_string(value); };
  std::string step = R"({"seconds": )" + text(between(0.005, 0.05)) + R"(, "distribution": ")" +
                     one_of({"constant", "lognormal", "pareto"}) + R"(", "sigma": 0.5})";
  std::string result = R"({"machines": [
    {"name": "head", "shards": 0, "hostsWorkers": false},
    {"name": "shard", "hostsWorkers": false, "count": )" +
                       std::to_string(job.getShards()) + R"(},
    {"name": "worker", "shards": 0, "workers": 1, "count": )" +
                       std::to_string(job.getWorkers()) + R"(, "step": )" + step;
  if (random_.chance(0.3))
    result += R"(, "stragglers": [{"machine": 0, "factor": )" + text(between(2.0, 8.0)) + "}]";
  result += R"(}],
  "withinRack": {"latencySeconds": )" +
            text(between(0.0001, 0.02)) + R"(, "jitter": )" + text(wanted() ? between(0.0, 3.0) : 0.0) + R"(},
  "chances": {"loss": )" +
            text(wanted() ? between(0.0, 0.1) : 0.0) + R"(, "duplicate": )" + text(wanted() ? between(0.0, 0.2) : 0.0) +
            R"(, "reorder": )" + text(wanted() ? between(0.0, 0.3) : 0.0) + R"(, "reorderSeconds": )" +
            text(between(0.01, 0.5)) + R"(},
  "faults": [)";
  add_faults(result, job);
  return result + "]}";
}

// Only workers' machines crash: what a shard held would be lost, and the job with it. They always come back.
void drawing::add_faults(std::string& text, messages::Job::Reader job) {
  std::vector<std::string> kinds;
  for (const auto* kind : {"crashAndRestart", "pause", "partition", "slowLink"})
    if (wanted())
      kinds.emplace_back(kind);
  if (kinds.empty())
    return;
  auto worker = [&] {
    auto index = random_.below(job.getWorkers());
    return job.getWorkers() == 1 ? std::string{"worker"} : "worker-" + std::to_string(index);
  };
  auto any = [&] {
    auto which = random_.below(4);
    if (which == 0)
      return std::string{"head"};
    if (which == 1)
      return job.getShards() == 1 ? std::string{"shard"} : "shard-" + std::to_string(random_.below(job.getShards()));
    return worker();
  };
  for (auto count = whole(0, 6); count > 0; --count) {
    const auto& kind = kinds[random_.below(kinds.size())];
    auto at = between(0.0, 6.0);
    auto seconds = random_.chance(0.5) ? between(0.01, 1.0) : between(1.0, 12.0);
    faults_end_ = std::max(faults_end_, at + seconds);
    if (text.back() != '[')
      text += ", ";
    text += R"({"kind": ")" + kind + R"(", "machines": [")" + (kind == "crashAndRestart" ? worker() : any()) +
            R"("], "atSeconds": )" + std::to_string(at) + R"(, "seconds": )" + std::to_string(seconds) + "}";
  }
}

std::vector<tensor_spec> tensors() {
  std::vector<tensor_spec> result;
  for (std::size_t size : {3, 8, 5})
    result.push_back({.name = "tensor" + std::to_string(result.size()), .shape = {size}, .init = {}});
  return result;
}

} // namespace

hunted_world hunted_world::draw(std::uint64_t seed, bool swarm) {
  drawing draws{seed, swarm};
  message_builder<messages::Job> job;
  auto fields = draws.fill(job.root());
  auto on = cluster::from_json("cluster of seed " + std::to_string(seed), draws.cluster_of(fields));
  auto steps = 3 + random_stream{seed, "steps"}.below(20);
  return {.plan = training_plan::of(fields, std::make_shared<parameter_layout>(tensors()), steps),
          .on = std::move(on),
          // A fault that waits for another on its machine to be over ends later than it says.
          .faults_end = from_seconds(6 * draws.faults_end()),
          .deadline = from_seconds(deadline_seconds)};
}

} // namespace drover::sim
