#include "drover/actors/saved_table.hpp"

#include "drover/actors/core/codec_error.hpp"
#include "drover/actors/core/json_escapes.hpp"
#include "drover/messages/table.capnp.h"
#include "drover/models/data/csv.hpp"

#include <capnp/compat/json.h>
#include <capnp/message.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace drover {

namespace {

void set_names(capnp::List<capnp::Text>::Builder to, const std::vector<std::string>& names) {
  for (unsigned i = 0; i < to.size(); ++i)
    to.set(i, capnp::Text::Reader{names[i].c_str(), names[i].size()});
}

std::vector<std::string> names_of(capnp::List<capnp::Text>::Reader from) {
  std::vector<std::string> result;
  for (auto name : from)
    result.emplace_back(name.begin(), name.size());
  return result;
}

void check(const table_columns& table) {
  auto demand = [](bool holds, const char* otherwise) {
    if (!holds)
      throw std::runtime_error(otherwise);
  };
  demand(table.columns >= 2, "it has fewer than two columns");
  demand(table.names.empty() || table.names.size() == table.columns, "it has not as many names as columns");
  demand(table.label_column < table.columns, "its label is in a column that it does not have");
  demand(table.classes <= csv_label_max + 1, "its number of classes is impossible");
  demand(table.class_names.empty() || table.class_names.size() == table.classes,
         "it has not as many class names as classes");
  auto unsorted = std::ranges::adjacent_find(table.class_names, std::ranges::greater_equal{});
  demand(unsorted == table.class_names.end(), "its class names are not in order");
}

} // namespace

std::string to_json(const table_columns& columns) {
  capnp::MallocMessageBuilder arena;
  auto table = arena.initRoot<messages::Table>();
  table.setColumns(static_cast<std::uint32_t>(columns.columns));
  set_names(table.initColumnNames(static_cast<unsigned>(columns.names.size())), columns.names);
  table.setLabelColumn(static_cast<std::uint32_t>(columns.label_column));
  table.setClasses(static_cast<std::uint32_t>(columns.classes));
  set_names(table.initClassNames(static_cast<unsigned>(columns.class_names.size())), columns.class_names);
  auto text = capnp::JsonCodec{}.encode(table.asReader());
  return {text.begin(), text.end()};
}

namespace {

template <class Fields>
void decode(std::string_view text, Fields fields) {
  auto plain = without_unicode_escapes(text);
  try {
    capnp::JsonCodec{}.decode({plain.data(), plain.size()}, fields);
  } catch (const kj::Exception& problem) {
    throw std::runtime_error(reason_of(problem));
  }
}

std::vector<std::string> different_names(capnp::List<capnp::Text>::Reader from, const char* kind) {
  auto result = names_of(from);
  auto sorted = result;
  std::ranges::sort(sorted);
  if (auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end())
    throw std::runtime_error(std::string{"it has "} + kind + " " + *twice + " twice");
  return result;
}

} // namespace

table_columns table_from_json(std::string_view text) {
  capnp::MallocMessageBuilder arena;
  auto table = arena.initRoot<messages::Table>();
  decode(text, table);
  table_columns result{.names = names_of(table.getColumnNames()),
                       .columns = table.getColumns(),
                       .label_column = table.getLabelColumn(),
                       .class_names = names_of(table.getClassNames()),
                       .classes = table.getClasses()};
  check(result);
  return result;
}

std::string to_json(const rating_names& names) {
  capnp::MallocMessageBuilder arena;
  auto both = arena.initRoot<messages::RatingNames>();
  set_names(both.initUsers(static_cast<unsigned>(names.users.size())), names.users);
  set_names(both.initItems(static_cast<unsigned>(names.items.size())), names.items);
  auto text = capnp::JsonCodec{}.encode(both.asReader());
  return {text.begin(), text.end()};
}

rating_names ratings_from_json(std::string_view text) {
  capnp::MallocMessageBuilder arena;
  auto both = arena.initRoot<messages::RatingNames>();
  decode(text, both);
  return {different_names(both.getUsers(), "user"), different_names(both.getItems(), "item")};
}

} // namespace drover
