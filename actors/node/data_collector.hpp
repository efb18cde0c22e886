#pragma once

#include "drover/messages/nodes.capnp.h"
#include "drover/models/data/dataset.hpp"
#include "drover/models/data/dense_dataset.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace drover {

/// Puts together the data that a trainer sends slice by slice, in memory that holds them once. Believes nothing that it
/// can check.
class data_collector {
public:
  /// Data that take more bytes are refused.
  explicit data_collector(double bytes_max) : bytes_max_(bytes_max) {}

  /// The first sample that is missing: the next slice begins with it.
  [[nodiscard]] std::uint64_t next() const { return labels_.size(); }
  [[nodiscard]] bool is_complete() const { return said_ && next() == said_->samples; }

  /// Adds a slice. Throws std::runtime_error with a sentence, or kj::Exception for what is no slice at all; the
  /// collector is of no use then.
  void add(messages::DataSlice::Reader slice);

  /// All samples, once they are complete; the collector is empty then.
  [[nodiscard]] std::shared_ptr<const dataset> finish();

private:
  // What every slice says.
  struct contents {
    std::uint64_t samples;
    std::uint64_t features;
    std::uint64_t classes;
    std::uint64_t height;
    std::uint64_t width;
    std::uint64_t channels;
    bool bytes; ///< else floats

    bool operator==(const contents&) const = default;
  };

  static contents contents_of(messages::DataSlice::Reader slice);
  void begin(const contents& said);
  void add_labels(capnp::List<std::uint32_t>::Reader labels);
  void add_values(capnp::Data::Reader values, std::size_t samples);

  double bytes_max_;
  std::optional<contents> said_; ///< nothing before the first slice
  dense_dataset::values values_;
  std::vector<std::uint32_t> labels_;
};

} // namespace drover
