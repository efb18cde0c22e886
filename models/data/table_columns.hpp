#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace drover {

/// What a table of labelled rows consists of, without the rows: what a model that is trained on it must remember, so
/// that the same label is the same class in another table. Columns are counted from 0, the label's among them. Names
/// are UTF-8.
struct table_columns {
  std::vector<std::string> names; ///< of all columns; empty where there is no header
  std::size_t columns = 0;        ///< with the label's
  std::size_t label_column = 0;
  std::vector<std::string> class_names; ///< sorted; empty where labels are numbers
  std::size_t classes = 0;              ///< labels are 0 … classes - 1

  bool operator==(const table_columns&) const = default;
};

} // namespace drover
