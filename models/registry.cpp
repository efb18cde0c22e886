#include "drover/models/registry.hpp"

#include "drover/models/mlp.hpp"
#include "drover/models/nearest.hpp"

#include <stdexcept>

namespace drover {

void model_registry::add(std::string name, model_factory factory) {
  factories_.insert_or_assign(std::move(name), std::move(factory));
}

std::unique_ptr<model> model_registry::make(std::string_view specification, model_request request) const {
  auto colon = specification.find(':');
  auto name = specification.substr(0, colon);
  request.arguments = colon == std::string_view::npos ? std::string_view{} : specification.substr(colon + 1);
  auto found = factories_.find(name);
  if (found != factories_.end())
    return found->second(request);
  auto known = names();
  auto sentence = "there is no model " + std::string(name);
  if (known.empty())
    throw std::invalid_argument(sentence + ": none is registered");
  throw std::invalid_argument(sentence + ": did you mean " + nearest(name, known) + "? Known are " + joined(known));
}

std::vector<std::string> model_registry::names() const {
  std::vector<std::string> result;
  for (const auto& [name, factory] : factories_)
    result.push_back(name);
  return result;
}

model_registry standard_models() {
  model_registry result;
  result.add("softmax", make_softmax);
  result.add("mlp", make_mlp);
  return result;
}

} // namespace drover
