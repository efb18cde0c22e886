#include "drover/actors/core/compensation.hpp"

namespace drover {

namespace {

class dc_asgd final : public compensation {
public:
  explicit dc_asgd(float lambda) : lambda_(lambda) {}

  bool needs_backup() const override { return true; }

  std::span<const float> correct(gpu::device& device, gpu::stream& stream, const arguments& of) const override {
    device.compensate(stream, gpu::compensation_arguments{.lambda = lambda_,
                                                          .gradient = of.gradient,
                                                          .weights = of.weights,
                                                          .backup = of.backup,
                                                          .compensated = of.scratch});
    return of.scratch;
  }

private:
  float lambda_;
};

class adaptive_dc_asgd final : public compensation {
public:
  explicit adaptive_dc_asgd(float lambda) : lambda_(lambda) {}

  bool needs_backup() const override { return true; }
  std::size_t state_slots() const override { return 1; }

  std::span<const float> correct(gpu::device& device, gpu::stream& stream, const arguments& of) const override {
    device.compensate(stream, gpu::adaptive_compensation_arguments{.lambda = lambda_,
                                                                   .decay = mean_square_decay,
                                                                   .gradient = of.gradient,
                                                                   .weights = of.weights,
                                                                   .backup = of.backup,
                                                                   .mean_square = of.state,
                                                                   .compensated = of.scratch});
    return of.scratch;
  }

private:
  static constexpr float mean_square_decay = 0.95f; // the authors' m
  float lambda_;
};

} // namespace

std::unique_ptr<const compensation> make_dc_asgd(float lambda) {
  return std::make_unique<dc_asgd>(lambda);
}

std::unique_ptr<const compensation> make_adaptive_dc_asgd(float lambda) {
  return std::make_unique<adaptive_dc_asgd>(lambda);
}

} // namespace drover
