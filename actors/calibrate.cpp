#include "drover/actors/calibrate.hpp"

#include "drover/actors/cluster.hpp"
#include "drover/actors/core/block_store.hpp"
#include "drover/actors/core/job_rules.hpp"
#include "drover/actors/core/row_store.hpp"
#include "drover/actors/gradient_computer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace drover {

namespace {

// Long enough for a median that stays, short enough to be done before every simulation.
constexpr double seconds_a_measurement = 0.4;
// Many short ones rather than few long ones: machines change their pace from one second to the next.
constexpr int rounds = 6;
constexpr std::size_t samples_min = 20;
constexpr std::size_t samples_max = 5000;
constexpr std::size_t warm_up = 5;
// A job in which one worker and one shard take turns sends so many messages a step: pull, answer, push and
// acknowledgement.
constexpr double messages_a_step = 4;
// Those of them that carry the parameters or the gradient.
constexpr double bulk_messages_a_step = 2;
constexpr double shortest_seconds = 1e-9;
// What a cluster file may say at most.
constexpr double bytes_per_second_max = 1e15;
// Distance between the quartiles of a normal distribution, in standard deviations.
constexpr double quartiles_of_normal = 1.349;

using clock = std::chrono::steady_clock;

double seconds_since(clock::time_point begin) {
  return std::chrono::duration<double>(clock::now() - begin).count();
}

double at_share(std::vector<double> values, double share) {
  auto place = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, place);
  return *place;
}

double median(const std::vector<double>& values) {
  return at_share(values, 0.5);
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Calls `once` until there are enough samples.
template <class Once>
void repeat(Once once) {
  auto begin = clock::now();
  for (std::size_t i = 0; i < warm_up + samples_max; ++i) {
    once(i >= warm_up);
    if (i >= warm_up + samples_min && seconds_since(begin) > seconds_a_measurement)
      return;
  }
}

struct step_times {
  std::vector<double> compute;
  std::vector<double> apply;
};

// The bare training loop, as a worker and a shard in one thread do it.
step_times time_steps(const std::shared_ptr<const job_context>& context) {
  const auto& layout = context->plan.layout;
  auto rules = job_rules::of(context->what.read(), context->plan.steps, context->plan.steps_per_epoch);
  auto device = gpu::make_cpu_device();
  std::vector<std::uint32_t> all(layout->blocks().size());
  std::iota(all.begin(), all.end(), 0);
  block_store store{*layout, all, context->what.read().getSeed(), *rules.rule, *rules.compensate, *device};
  row_store rows{layout, context->what.read(), *rules.rule};
  gradient_computer computer{context, 0};
  step_times result;
  std::uint64_t step = 0;
  repeat([&](bool counts) {
    auto begin = clock::now();
    gradient_computed computed;
    std::vector<row_keys> keys;
    if (rows.tables() != 0)
      keys = computer.list_rows(step % context->plan.steps);
    {
      std::vector<lent_block> lent;
      std::vector<const float*> blocks;
      for (std::size_t i = 0; i < store.size(); ++i)
        blocks.push_back(lent.emplace_back(store.lend(i)).get());
      std::vector<shared_bulk> read;
      for (std::size_t table = 0; table < rows.tables(); ++table)
        read.push_back(rows.read(table, *keys[layout->tables()[table].key_space]));
      computed = computer.compute(step % context->plan.steps, {*layout, blocks}, read);
    }
    auto compute = seconds_since(begin);
    begin = clock::now();
    for (std::size_t i = 0; i < store.size(); ++i) {
      const auto& where = layout->blocks()[i];
      store.apply(i, std::span{std::as_const(*computed.gradient).values()}.subspan(where.offset, where.size), {},
                  rules.schedule.at(step % context->plan.steps));
    }
    for (std::size_t table = 0; table < rows.tables(); ++table)
      rows.apply(table, {*keys[layout->tables()[table].key_space], computed.rows[table]->values().data()},
                 rules.schedule.at(step % context->plan.steps));
    ++step;
    if (counts) {
      result.compute.push_back(compute);
      result.apply.push_back(seconds_since(begin));
    }
  });
  return result;
}

struct run_cost {
  double seconds = 0;           ///< a step of one worker, by the clock
  double processor_seconds = 0; ///< of all threads, for each step
};

// The job in production, without what says nothing of the machine.
run_cost time_run(const job_context& context, std::uint32_t workers) {
  auto what = context.what;
  what->setWorkers(workers);
  what->setShards(1);
  what->setPrefetch(false);
  what->setConsistency("asp");
  what->setCompensation(messages::Compensation::NONE);
  what->setSave("");
  what->setMetrics("");
  std::stop_source enough;
  auto stop_in_time = [&enough](messages::Progress::Reader progress) {
    if (progress.getSeconds() > seconds_a_measurement)
      enough.request_stop();
  };
  auto begin = std::clock();
  auto result = train(
      what, {.models = context.models, .data = context.data, .on_progress = stop_in_time, .stop = enough.get_token()});
  auto processor = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  auto summary = result.summary.read();
  auto steps = static_cast<double>(summary->getSamples()) / what.read().getBatchSize();
  auto outcome = summary->getOutcome();
  if ((outcome != messages::Summary::Outcome::COMPLETED && outcome != messages::Summary::Outcome::STOPPED) || steps < 1)
    throw std::runtime_error("the machine cannot be measured with this job: " +
                             std::string{summary->getSentence().cStr()});
  return {summary->getSeconds() * workers / steps, processor / steps};
}

} // namespace

calibration calibrate(const job& what, calibrate_options options) {
  refuse_in_place(what.read(), "what is measured is for a simulation");
  auto context = job_context::make(what, options.models, options.data.value_or(dataset_pair{}));
  calibration result;
  result.cores = std::max(1u, std::thread::hardware_concurrency());
  result.memory_bytes =
      static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  auto bytes = static_cast<double>(context->plan.whole->flat_size() * sizeof(float));

  std::vector<double> step;
  std::vector<double> sigma;
  std::vector<double> apply;
  std::vector<double> message;
  std::vector<double> crossing;
  std::vector<double> waiting;
  std::vector<double> crowded;
  for (int round = 0; round < rounds; ++round) {
    auto steps = time_steps(context);
    step.push_back(median(steps.compute));
    // From the quartiles: a few steps that something else interrupted say nothing of the rest.
    sigma.push_back(std::log(at_share(steps.compute, 0.75) / at_share(steps.compute, 0.25)) / quartiles_of_normal);
    apply.push_back(median(steps.apply));
    auto alone = time_run(*context, 1);
    message.push_back((alone.seconds - step.back() - apply.back()) / messages_a_step);
    auto together = time_run(*context, std::max(2u, result.cores));
    auto crowd = time_run(*context, 2 * std::max(2u, result.cores));
    crowded.push_back(crowd.processor_seconds - together.processor_seconds);
    crossing.push_back((together.processor_seconds - alone.processor_seconds) / bulk_messages_a_step);
    // A step goes from worker to shard and back. What is neither work alone nor crossing is waiting to be woken.
    waiting.push_back((together.seconds - alone.seconds - bulk_messages_a_step * crossing.back()) / 2);
  }
  // Means, so that what is measured apart adds up to what a job takes, interruptions by others included.
  auto measured = [](const std::vector<double>& rounds_measured) {
    return std::max(mean(rounds_measured), shortest_seconds);
  };
  auto bandwidth = [&](const std::vector<double>& rounds_measured) {
    return std::min(bytes / measured(rounds_measured), bytes_per_second_max);
  };
  result.step_seconds = measured(step);
  result.step_sigma = median(sigma);
  result.message_seconds = measured(message);
  result.apply_bytes_per_second = bandwidth(apply);
  result.copy_bytes_per_second = bandwidth(crossing);
  result.wake_seconds = measured(waiting);
  result.crowded_seconds = measured(crowded);
  return result;
}

sim::cluster calibration::cluster() const {
  std::ostringstream text;
  text.precision(6);
  text << R"({"machines": [{"name": "host", "shards": 4096, "cores": )" << cores << R"(, "memoryBytes": )"
       << memory_bytes << R"(, "step": {"seconds": )" << step_seconds << R"(, "distribution": "lognormal", "sigma": )"
       << step_sigma << R"(}, "crowdedSeconds": )" << crowded_seconds << R"(, "messageSeconds": )" << message_seconds
       << R"(, "applyBytesPerSecond": )" << apply_bytes_per_second << R"(, "copyBytesPerSecond": )"
       << copy_bytes_per_second << R"(}], "withinMachine": {"latencySeconds": )" << wake_seconds
       << R"(, "bytesPerSecond": 1e15}})";
  return sim::cluster::from_json("calibration", text.str());
}

} // namespace drover
