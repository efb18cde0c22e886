#include "drover/models/factor_view.hpp"

#include "drover/models/factor_rows.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace drover {

namespace {

std::invalid_argument foreign(const std::string& what) {
  return std::invalid_argument("these are not the parameters of a model mf: " + what);
}

std::optional<std::size_t> index_of(std::string_view name, const parameter_layout& layout) {
  for (std::size_t i = 0; i < layout.tensors().size(); ++i)
    if (layout.tensors()[i].name == name)
      return i;
  return std::nullopt;
}

std::size_t needed(std::string_view name, const parameter_layout& layout) {
  if (auto found = index_of(name, layout))
    return *found;
  throw foreign("they have no tensor " + std::string(name));
}

std::optional<slab_lookup<const float>> find_bias(std::string_view name, const_parameters parameters,
                                                  std::size_t rows) {
  auto found = index_of(name, parameters.layout());
  if (!found)
    return std::nullopt;
  auto size = parameters.layout().tensors()[*found].size();
  if (size != rows)
    throw foreign("tensor " + std::string(name) + " has " + std::to_string(size) + " elements, " +
                  std::to_string(rows) + " are needed");
  return slab_lookup(parameters, *found);
}

} // namespace

factor_view::tensor_indices factor_view::find(const parameter_layout& layout) {
  tensor_indices result{needed("user.factors", layout), needed("item.factors", layout), needed("mean", layout)};
  auto users = layout.tensors()[result.user_factors].row_size();
  auto items = layout.tensors()[result.item_factors].row_size();
  if (users != items)
    throw foreign("users have " + std::to_string(users) + " factors each, items " + std::to_string(items));
  return result;
}

factor_view::factor_view(const_parameters parameters) : factor_view(parameters, find(parameters.layout())) {}

factor_view::factor_view(const_parameters parameters, const tensor_indices& where)
    : users_(parameters.layout().tensors()[where.user_factors].rows()),
      items_(parameters.layout().tensors()[where.item_factors].rows()),
      rank_(parameters.layout().tensors()[where.user_factors].row_size()), mean_(parameters.tensor(where.mean)[0]),
      user_factors_(parameters, where.user_factors), item_factors_(parameters, where.item_factors),
      user_bias_(find_bias("user.bias", parameters, users_)), item_bias_(find_bias("item.bias", parameters, items_)) {}

float factor_view::predict(std::uint32_t user, std::uint32_t item) const {
  auto biases = mean_ + (user < users_ ? user_bias(user) : 0) + (item < items_ ? item_bias(item) : 0);
  return knows(user, item) ? biases + factor_product(user_factors(user), item_factors(item), rank_) : biases;
}

} // namespace drover
