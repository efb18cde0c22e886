#include "drover/models/registry.hpp"

#include "drover/models/factor_model.hpp"
#include "drover/models/linear_model.hpp"
#include "drover/models/mlp.hpp"
#include "drover/models/nearest.hpp"

#include <stdexcept>

namespace drover {

void model_registry::add(std::string name, model_factory factory, model_traits traits) {
  entries_.insert_or_assign(std::move(name), entry{std::move(factory), traits});
}

const model_registry::entry& model_registry::find(std::string_view name) const {
  auto found = entries_.find(name);
  if (found != entries_.end())
    return found->second;
  auto known = names();
  auto sentence = "there is no model " + std::string(name);
  if (known.empty())
    throw std::invalid_argument(sentence + ": none is registered");
  throw std::invalid_argument(sentence + ": did you mean " + nearest(name, known) + "? Known are " + joined(known));
}

model_traits model_registry::traits(std::string_view specification) const {
  return find(specification.substr(0, specification.find(':'))).traits;
}

std::unique_ptr<model> model_registry::make(std::string_view specification, model_request request) const {
  auto colon = specification.find(':');
  request.arguments = colon == std::string_view::npos ? std::string_view{} : specification.substr(colon + 1);
  return find(specification.substr(0, colon)).factory(request);
}

std::vector<std::string> model_registry::names() const {
  std::vector<std::string> result;
  for (const auto& [name, known] : entries_)
    result.push_back(name);
  return result;
}

model_registry standard_models() {
  model_registry result;
  result.add("softmax", make_softmax);
  result.add("mlp", make_mlp);
  result.add("mf", make_factor_model, {.reads = sample_kind::ratings, .has_classes = false});
  result.add("svm", make_svm, {.reads = sample_kind::rows});
  result.add("logistic", make_logistic, {.reads = sample_kind::rows});
  result.add("squared", make_squared, {.reads = sample_kind::rows, .has_classes = false});
  return result;
}

} // namespace drover
