#include "drover/models/data/stream_rows.hpp"

#include "drover/models/data/file_lines.hpp"
#include "drover/models/data/sparse_dataset.hpp"
#include "drover/models/data/spilled_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace drover {

table_data stream_rows(const rows_reader& read, const std::filesystem::path& path, const sparse_options& options,
                       bad_lines& bad, const std::filesystem::path& folder) {
  struct kept {
    explicit kept(const std::filesystem::path& folder) : rows(folder) {}
    spilled_rows rows;
    std::vector<std::uint32_t> classes;
  };
  auto owner = std::make_shared<kept>(folder);
  auto features = options.like == nullptr ? std::numeric_limits<std::size_t>::max() : options.like->columns - 1;
  // What make_table looks at: rows with their labels, and the largest column of all.
  sparse_rows seen;
  sparse_rows piece;
  read_data_pieces(path, [&](std::string_view lines) {
    piece.clear();
    read(lines, piece, bad);
    for (auto column : piece.columns)
      if (seen.columns.empty() || column > seen.columns.front())
        seen.columns.assign(1, column);
    seen.labels.insert(seen.labels.end(), piece.labels.begin(), piece.labels.end());
    seen.ends.resize(seen.labels.size());
    take_out_behind(features, piece);
    owner->rows.add(piece);
  });
  auto table = make_table(std::move(seen), path.string(), options);
  table_data result{table, nullptr};
  owner->classes = std::move(table.labels);
  auto shape = data_shape{.features = table.features, .classes = owner->classes.empty() ? 0 : table.classes};
  result.rows = std::make_shared<sparse_dataset>(shape, owner->rows.map(), owner->classes, owner);
  return result;
}

} // namespace drover
