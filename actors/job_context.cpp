#include "drover/actors/job_context.hpp"

#include "drover/actors/core/job_rules.hpp"
#include "drover/gpu/device.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <utility>

namespace drover {

namespace {

gpu::activation activation_of(messages::Activation activation) {
  switch (activation) {
  case messages::Activation::TANH:
    return gpu::activation::tanh;
  case messages::Activation::SIGMOID:
    return gpu::activation::sigmoid;
  case messages::Activation::GELU:
    return gpu::activation::gelu;
  case messages::Activation::RELU:
    break;
  }
  return gpu::activation::relu;
}

batch_source batches(const job& what, const dataset_pair& data, std::shared_ptr<epoch_orders> orders, sample_kind kind,
                     std::uint32_t worker) {
  auto view = what.read();
  return {data.train,
          {.batch_size = view.getBatchSize(),
           .seed = view.getSeed(),
           .part = {.index = worker, .count = view.getWorkers()},
           .augment = {.shift_pixels = view.getAugmentShiftPixels(), .flip = view.getAugmentFlip()},
           .kind = kind},
          std::move(orders)};
}

consistency_mode::kind family_of(messages::Job::Reader what) {
  return consistency_mode::parse(what.getConsistency().cStr()).family;
}

bool hands_out_blocks(messages::Job::Reader what) {
  return family_of(what) == consistency_mode::kind::dsgd || family_of(what) == consistency_mode::kind::nomad;
}

void check_same_shape(const data_shape& train, const data_shape& test) {
  if (train.users != test.users || train.items != test.items)
    throw std::invalid_argument("the ratings to test on are of other users or items than those to train on");
  if (train.features != test.features || train.classes < test.classes)
    throw std::invalid_argument("the samples to test on have " + std::to_string(test.features) + " features and " +
                                std::to_string(test.classes) + " classes, those to train on " +
                                std::to_string(train.features) + " and " + std::to_string(train.classes));
}

// Long enough that the two messages of a step cost nothing, short enough that progress and staleness are seen.
std::uint32_t batch_in_place(std::size_t samples, std::uint32_t workers) {
  constexpr std::size_t most = 1024;
  constexpr std::size_t steps_least = 8;
  return static_cast<std::uint32_t>(std::clamp<std::size_t>(samples / workers / steps_least, 1, most));
}

// Of a block that is not cut: what a message holds, with some room for what is small and lies in the same block.
constexpr std::size_t whole_bytes_max = (std::size_t{512} << 20) - (std::size_t{1} << 20);

void check_whole(const std::vector<tensor_spec>& tensors, messages::Job::Reader what) {
  std::string name{what.getConsistency().cStr()};
  for (const auto& tensor : tensors)
    if (tensor.size() > whole_bytes_max / sizeof(float))
      throw std::invalid_argument(name + " keeps tensor " + tensor.name + " whole, which has " +
                                  std::to_string(tensor.size()) + " parameters: at most " +
                                  std::to_string(whole_bytes_max / sizeof(float)) +
                                  " are allowed; take fewer hashBits or a smaller rank, or let the consistency be asp");
  if (what.getShards() > tensors.size())
    throw std::invalid_argument(name + " keeps each tensor whole, and model " + std::string{what.getModel().cStr()} +
                                " has " + std::to_string(tensors.size()) + ": shards is " +
                                std::to_string(what.getShards()) + ", at most so many are allowed");
}

// Elementwise rules for which a gradient of 0 changes nothing (of ftrl but for rounding, where a parameter began
// elsewhere than at 0): what a sample does not have may be left out.
bool keeps_what_has_no_gradient(messages::Job::Reader what) {
  auto rule = what.getOptimizer();
  return (rule == messages::Optimizer::SGD || rule == messages::Optimizer::ADAGRAD ||
          rule == messages::Optimizer::FTRL) &&
         what.getWeightDecay() == 0;
}

// Rows that a step of one worker needs of each key space, at most.
std::size_t rows_of_step(messages::Job::Reader what, const dataset& data) {
  const auto* rows = data.rows();
  return rows == nullptr ? what.getBatchSize() : what.getBatchSize() * rows->columns.size() / rows->size();
}

// A row by itself costs about as much as so many in a block: to be sorted, looked up and told.
constexpr std::size_t row_cost = 8;

bool has_rows(const std::vector<tensor_spec>& tensors) {
  return std::ranges::any_of(tensors, [](const auto& one) { return one.rows_of != row_owner::all; });
}

bool wants_tables(const std::vector<tensor_spec>& tensors, messages::Job::Reader what, const dataset& data) {
  if (!has_rows(tensors))
    return false;
  if (what.getTables() != messages::Tables::AUTO)
    return what.getTables() == messages::Tables::SPARSE;
  if (what.getAdmitAfter() > 1 || what.getTableBytes() > 0 || what.getTableConsistency().size() != 0)
    return true;
  if (works_in_place(what) || !keeps_what_has_no_gradient(what) || needs_backup(what))
    return false;
  std::size_t rows = 0;
  std::size_t spaces = 0;
  for (const auto& tensor : tensors)
    if (tensor.rows_of != row_owner::all) {
      rows += tensor.rows();
      ++spaces;
    }
  return rows > spaces * rows_of_step(what, data) * row_cost;
}

parameter_layout make_layout(std::vector<tensor_spec> tensors, messages::Job::Reader what, const dataset& data) {
  // What is changed in place is found by its index: a tensor is not cut.
  if (works_in_place(what))
    return parameter_layout{std::move(tensors), whole_bytes_max}.joined(what.getShards());
  if (!has_rows(tensors) && (what.getTables() == messages::Tables::SPARSE || what.getAdmitAfter() > 1 ||
                             what.getTableBytes() > 0 || what.getTableConsistency().size() != 0))
    throw std::invalid_argument(
        "tables, admitAfter, tableBytes and tableConsistency are for svm, logistic, squared and mf: model " +
        std::string{what.getModel().cStr()} + " has no rows that samples need by themselves");
  auto layout = wants_tables(tensors, what, data)
                    ? parameter_layout::with_tables(std::move(tensors), what.getBlockBytes())
                    : parameter_layout{std::move(tensors), what.getBlockBytes()};
  return layout.joined(what.getShards());
}

// Parameters and rule state on the shards, one gradient a worker, or of tables what is tested, and what is known of
// each feature of sparse rows: what a job cannot do without.
void check_fits_memory(const std::vector<tensor_spec>& tensors, messages::Job::Reader what, const model_traits& traits,
                       const dataset& data, std::uint64_t steps_per_epoch) {
  auto rules = job_rules::of(what, steps_per_epoch, steps_per_epoch);
  auto gradients = rules.reads->in_place() ? 0 : what.getWorkers();
  auto shares = traits.reads == sample_kind::rows ? 1.0 : 0.0;
  auto has_tables = wants_tables(tensors, what, data);
  double floats = 0;
  for (const auto& tensor : tensors) {
    auto besides = has_tables && tensor.rows_of != row_owner::all ? 1 : gradients;
    floats += (1 + static_cast<double>(rules.rule->state_slots()) + besides + shares) *
              static_cast<double>(tensor.rows()) * static_cast<double>(tensor.row_size());
  }
  auto needed = floats * sizeof(float);
  auto there = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  constexpr double gibibyte = 1024.0 * 1024 * 1024;
  if (needed > there)
    throw std::invalid_argument("model: " + std::string{what.getModel().cStr()} + " with " +
                                std::to_string(what.getWorkers()) + " workers needs at least " +
                                std::to_string(std::llround(needed / gibibyte)) + " GiB, this machine has " +
                                std::to_string(std::llround(there / gibibyte)));
}

// Of nomad: a visit is of about as many ratings as a batch has, and several wait for each worker.
std::size_t traveling_columns(std::size_t ratings, std::size_t items, messages::Job::Reader what) {
  constexpr std::size_t columns_a_worker = 4;
  auto wanted = ratings / what.getWorkers() / what.getBatchSize();
  return std::min(items, std::max(wanted, columns_a_worker * what.getWorkers()));
}

// As many parts of the users as there are workers, and with dsgd of the items. Null where steps are no blocks.
std::shared_ptr<const rating_blocks> cut_ratings(messages::Job::Reader what, const dataset& train) {
  if (!hands_out_blocks(what))
    return nullptr;
  auto users = train.shape().users;
  auto items = train.shape().items;
  if (std::min(users, items) < what.getWorkers())
    throw std::invalid_argument(
        std::string{what.getConsistency().cStr()} + " gives each worker users and items of its own: workers is " +
        std::to_string(what.getWorkers()) + ", the data have " + std::to_string(users) + " users and " +
        std::to_string(items) + " items; take fewer workers, or let the consistency be hogwild");
  auto item_parts = family_of(what) == consistency_mode::kind::dsgd ? what.getWorkers()
                                                                    : traveling_columns(train.size(), items, what);
  return std::make_shared<const rating_blocks>(train, what.getWorkers(), item_parts);
}

// What is asked for, and nobody would do.
void check_traits(messages::Job::Reader what, const model_traits& traits) {
  auto is_ftrl = what.getOptimizer() == messages::Optimizer::FTRL;
  auto reads_rows = traits.reads == sample_kind::rows;
  std::string name{what.getModel().cStr()};
  if (hands_out_blocks(what) && traits.reads != sample_kind::ratings)
    throw std::invalid_argument(std::string{what.getConsistency().cStr()} +
                                " hands out blocks of ratings, for mf: model is " + name + "; let the consistency be " +
                                (reads_rows ? "hogwild" : "bsp"));
  if (what.getL1() != 0 && !is_ftrl && !reads_rows)
    throw std::invalid_argument("l1 is for svm, logistic and squared, and for ftrl with any model: model is " + name);
  if (what.getL2() != 0 && !is_ftrl && traits.reads == sample_kind::features)
    throw std::invalid_argument("l2 is for svm, logistic, squared and mf, and for ftrl with any model: model is " +
                                name + ", for which weightDecay does that");
  if (what.getHashBits() != 0 && !reads_rows)
    throw std::invalid_argument("hashBits is for svm, logistic and squared: model is " + name);
  if (what.getRatingRange().size() != 0 && traits.reads != sample_kind::ratings)
    throw std::invalid_argument("ratingRange is for mf: model is " + name);
  if (traits.reads != sample_kind::features &&
      (std::string_view{what.getDevice().cStr()} != "cpu" || what.getDevices().size() != 0))
    throw std::invalid_argument("model " + name + " computes on the CPU alone: leave out device and devices");
}

} // namespace

std::unique_ptr<model> make_model(const job& what, const model_registry& models, const data_shape& shape,
                                  gpu::device& device, const data_facts* facts) {
  auto view = what.read();
  model_request request{
      .arguments = {}, .shape = shape, .activation = activation_of(view.getActivation()), .device = &device};
  if (facts != nullptr) {
    // Of ftrl the two belong to the rule.
    auto pulls = view.getOptimizer() != messages::Optimizer::FTRL;
    request.l1 = pulls ? static_cast<float>(view.getL1()) : 0;
    request.l2 = pulls ? static_cast<float>(view.getL2()) : 0;
    request.shares = facts->shares;
    request.rating_mean = facts->rating_mean;
  }
  return models.make(view.getModel().cStr(), request);
}

std::shared_ptr<const job_context> job_context::make(const job& what, model_registry models, dataset_pair data) {
  auto complete = resolve(what);
  auto traits = models.traits(complete.read().getModel().cStr());
  check_traits(complete.read(), traits);
  if (!data.train)
    data = load_data(complete, models);
  if (!data.test)
    throw std::invalid_argument("there are samples to train on but none to test on");
  check_same_shape(data.train->shape(), data.test->shape());
  check_kind(*data.train, traits.reads);
  check_kind(*data.test, traits.reads);
  check_indices(*data.test, traits.reads);
  auto view = complete.read();
  auto in_place = works_in_place(view);
  if (view.getBatchSize() == 0 && family_of(view) != consistency_mode::kind::dsgd)
    complete->setBatchSize(batch_in_place(data.train->size(), view.getWorkers()));
  auto blocks = cut_ratings(view, *data.train);
  auto device = gpu::make_cpu_device();
  auto shape = data.train->shape();
  auto sketch = drover::make_model(complete, models, shape, *device);
  if (in_place && sketch->in_place() == nullptr)
    throw std::invalid_argument("model " + std::string{view.getModel().cStr()} +
                                " does not learn in place: hogwild is for svm, logistic, squared and mf; say asp");
  auto orders = std::make_shared<epoch_orders>(data.train->size(), view.getSeed());
  auto steps_per_epoch =
      blocks ? blocks->item_parts() : batches(complete, data, orders, traits.reads, 0).steps_per_epoch();
  check_fits_memory(sketch->tensors(), view, traits, *data.train, steps_per_epoch);
  // These take memory in proportion to the model, too.
  auto facts = facts_of(*data.train, traits.reads);
  auto tensors = drover::make_model(complete, models, shape, *device, &facts)->tensors();
  if (in_place)
    check_whole(tensors, view);
  auto layout = make_layout(std::move(tensors), view, *data.train);
  auto plan = training_plan::of(view, std::make_shared<const parameter_layout>(std::move(layout)), steps_per_epoch);
  return std::make_shared<const job_context>(job_context{
      .what = std::move(complete),
      .models = std::move(models),
      .data = std::move(data),
      .plan = std::move(plan),
      .orders = std::move(orders),
      .traits = traits,
      .facts = std::move(facts),
      .lent = in_place ? std::make_shared<lent_memory>() : nullptr,
      .blocks = std::move(blocks),
  });
}

std::unique_ptr<model> job_context::make_model(gpu::device& device) const {
  return drover::make_model(what, models, data.train->shape(), device, &facts);
}

batch_source job_context::batches_of(std::uint32_t worker) const {
  return batches(what, data, orders, traits.reads, worker);
}

} // namespace drover
