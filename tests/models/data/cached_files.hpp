#pragma once

#include "drover/models/data/dataset.hpp"
#include "drover/models/data/load_ratings.hpp"

#include "files.hpp"
#include "temporary_folder.hpp"
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace drover::test {

inline dataset_pair load_any(const data_source& source, const dataset_pair* like = nullptr) {
  if (source.kind == sample_kind::ratings)
    return load_ratings(source, like == nullptr ? nullptr : like->names.get());
  return load_data(source, like == nullptr ? nullptr : &*like->columns);
}

template <class T>
inline bool same_bits(std::span<const T> one, std::span<const T> other) {
  return std::ranges::equal(std::as_bytes(one), std::as_bytes(other));
}

inline bool same_samples(const dataset& one, const dataset& other) {
  auto shape = one.shape();
  auto other_shape = other.shape();
  if (one.size() != other.size() || shape.features != other_shape.features || shape.classes != other_shape.classes ||
      shape.users != other_shape.users || shape.items != other_shape.items ||
      !same_bits(one.ratings(), other.ratings()) || !same_bits(one.classes(), other.classes()) ||
      (one.rows() == nullptr) != (other.rows() == nullptr))
    return false;
  if (one.rows() == nullptr)
    return true;
  const auto& rows = *one.rows();
  const auto& others = *other.rows();
  return same_bits(rows.ends, others.ends) && same_bits(rows.columns, others.columns) &&
         same_bits(rows.values, others.values) && same_bits(rows.labels, others.labels);
}

inline bool same(const dataset_pair& one, const dataset_pair& other) {
  return same_samples(*one.train, *other.train) && same_samples(*one.test, *other.test) &&
         one.columns == other.columns && (one.names == nullptr) == (other.names == nullptr) &&
         (one.names == nullptr || *one.names == *other.names) && one.lines_skipped == other.lines_skipped &&
         one.first_skipped == other.first_skipped;
}

inline data_source with_cache(data_source source, const std::string& where = "beside") {
  source.data_cache = where;
  return source;
}

inline std::filesystem::path beside(const std::filesystem::path& text) {
  return text.string() + ".drover-cache";
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline void put(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream{path, std::ios::binary} << bytes;
}

/// Files of each format that is cached, each with a line that cannot be read in one of them.
class cached_files {
public:
  cached_files() {
    auto rows = sample_kind::rows;
    auto svm = folder_.write("a.svm.gz", test::gzip("1 1:1 5:0.1\n-1 7:2\n1 x\n-1 2:3e-8 9:-0\n1 3:1\n"));
    add({.data = svm, .holdout = 0.4, .kind = rows, .lines_skipped_max = 1});
    add({.data = svm, .holdout = 0.4, .kind = rows, .has_classes = false, .lines_skipped_max = 9});
    add({.data = svm, .holdout = 0.4, .lines_skipped_max = 1});
    add({.data = svm, .holdout = 0.4, .kind = rows, .hash_bits = 6, .lines_skipped_max = 1});
    auto other = folder_.write("b.svm", "1 2:1 4000:7\n2:1\n-1 8:1\n");
    add({.data = svm, .test_data = other, .kind = rows, .lines_skipped_max = 1});
    auto vw = folder_.write("a.vw", "1 |a b c\n-1 |a d:2\n1 |a\n-1 |a b:0.5\n");
    add({.data = vw, .holdout = 0.25, .kind = rows});
    auto csv = folder_.write("a.csv", "size,form,label\n1,round,yes\n0,flat,no\n,,no\n2,flat,yes\n");
    add({.data = csv, .holdout = 0.5, .kind = rows, .hash_bits = 8});
    auto numbers = folder_.write("b.csv", "1,0,7\n0,2,3\n5,0,0\n");
    add({.data = numbers, .holdout = 0.3, .label_column = "0", .kind = rows});
    auto ratings = folder_.write("r.csv", "user,item,rating\nme,Film \xe9,4\nyou,Film b,3.5\nme,x,9\nme,Film b,0.1\n");
    add({.data = ratings,
         .holdout = 0.3,
         .kind = sample_kind::ratings,
         .has_classes = false,
         .lines_skipped_max = 1,
         .rating_max = 5});
    auto seen = folder_.write("s.csv", "me,Film b,4\nwho,Film c,1\n");
    add({.data = ratings, .test_data = seen, .kind = sample_kind::ratings, .has_classes = false});
  }

  [[nodiscard]] const std::vector<data_source>& sources() const { return sources_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

private:
  void add(const data_source& source) { sources_.push_back(source); }

  test::temporary_folder folder_;
  std::vector<data_source> sources_;
};

} // namespace drover::test
