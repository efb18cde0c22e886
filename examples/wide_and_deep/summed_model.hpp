#pragma once

#include <drover/models/model.hpp>

#include "part.hpp"
#include <memory>
#include <vector>

/// A rating is predicted as a mean, which is learned, too, and what each part adds: wide and deep learning (Cheng et
/// al. 2016) for numbers. A rating's loss is the squared error; steps go down half of it, as those of mf.
class summed_model final : public drover::model {
public:
  /// `mean`: where it starts.
  explicit summed_model(float mean) : mean_(mean) {}

  /// Index of the first tensor of the part that is added next.
  [[nodiscard]] std::size_t next_tensor() const { return tensors().size(); }
  void add(std::unique_ptr<part> more) { parts_.push_back(std::move(more)); }

  /// mean {1}, and those of the parts.
  [[nodiscard]] std::vector<drover::tensor_spec> tensors() const override;
  [[nodiscard]] std::size_t outputs() const override { return 1; }
  drover::batch_result gradient(const drover::batch& samples, drover::const_parameters parameters,
                                drover::mutable_parameters gradient) override;
  drover::batch_result evaluate(const drover::batch& samples, drover::const_parameters parameters) override;
  void predict(const drover::batch& samples, drover::const_parameters parameters, std::span<float> scores) override;

private:
  float mean_;
  std::vector<std::unique_ptr<part>> parts_;
  std::vector<float> predictions_;
  std::vector<float> slopes_;
};
