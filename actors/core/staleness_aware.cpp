#include "drover/actors/core/compensation.hpp"

namespace drover {

namespace {

class staleness_aware final : public compensation {
public:
  float learning_rate(float rate, std::uint64_t staleness) const override {
    return staleness == 0 ? rate : rate / static_cast<float>(staleness);
  }
};

} // namespace

std::unique_ptr<const compensation> make_staleness_aware() {
  return std::make_unique<staleness_aware>();
}

} // namespace drover
