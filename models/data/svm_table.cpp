#include "drover/models/data/svm_table.hpp"

#include <utility>

namespace drover {

svm_text make_svm_text(std::string name, const sparse_options& options) {
  if (options.hash_bits != 0)
    return svm_text::hashed(std::move(name), options.hash_bits);
  if (options.like != nullptr)
    return svm_text{std::move(name)};
  bool all_features = options.kind == sample_kind::features;
  return svm_text{std::move(name),
                  all_features ? static_cast<std::uint32_t>(svm_features_max - 1) : svm_text::largest_id - 1};
}

sparse_table decode_svm(std::string_view text, std::string_view name, const sparse_options& options, bad_lines& bad) {
  sparse_rows rows;
  make_svm_text(std::string{name}, options).read(text, rows, bad);
  return make_table(std::move(rows), name, options);
}

} // namespace drover
