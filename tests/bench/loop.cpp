// The bare training loop: its floating-point operations a second against oneDNN's own sgemm at the same shapes, one
// thread. Limit: the products alone; the loop also reads its batch, applies activations and updates the parameters.
//
// With the argument `serve`: one epoch for each line on the standard input, answered by its samples a second.

#include "drover/actors/job_context.hpp"

#include "tests/bench/bare_loop.hpp"
#include "tests/bench/fashion.hpp"
#include "tests/bench/measure.hpp"
#include <cstdio>
#include <dnnl.h>
#include <iostream>
#include <omp.h>
#include <string>
#include <string_view>
#include <vector>

using namespace drover;
using namespace drover::bench;

namespace {

constexpr dnnl_dim_t batch_size = 32;

// The products of one step of the MLP, with memory of their own as in the model.
class products {
public:
  products() {
    for (auto [inputs, outputs] : {std::pair{784, 256}, {256, 128}, {128, 10}})
      layers_.push_back({inputs, outputs, floats(inputs * outputs), floats(inputs * outputs),
                         floats(batch_size * inputs), floats(batch_size * inputs), floats(batch_size * outputs)});
  }

  void run() {
    for (auto& at : layers_)
      dnnl_sgemm('N', 'T', batch_size, at.outputs, at.inputs, 1, at.x.data(), at.inputs, at.w.data(), at.inputs, 0,
                 at.y.data(), at.outputs);
    for (std::size_t i = layers_.size(); i-- > 0;) {
      auto& at = layers_[i];
      dnnl_sgemm('T', 'N', at.outputs, at.inputs, batch_size, 1, at.y.data(), at.outputs, at.x.data(), at.inputs, 0,
                 at.dw.data(), at.inputs);
      if (i > 0)
        dnnl_sgemm('N', 'N', batch_size, at.inputs, at.outputs, 1, at.y.data(), at.outputs, at.w.data(), at.inputs, 0,
                   at.dx.data(), at.inputs);
    }
  }

  [[nodiscard]] double operations() const {
    double sum = 0;
    for (std::size_t i = 0; i < layers_.size(); ++i)
      sum += 2.0 * batch_size * static_cast<double>(layers_[i].inputs * layers_[i].outputs) * (i > 0 ? 3 : 2);
    return sum;
  }

private:
  struct layer {
    dnnl_dim_t inputs;
    dnnl_dim_t outputs;
    std::vector<float> w;
    std::vector<float> dw;
    std::vector<float> x;
    std::vector<float> dx;
    std::vector<float> y;
  };
  static std::vector<float> floats(dnnl_dim_t count) {
    return std::vector<float>(static_cast<std::size_t>(count), 1.0f);
  }
  std::vector<layer> layers_;
};

// Seconds of an epoch, from step `begin` on.
double seconds_of_epoch(bare_loop& loop, std::uint64_t begin, std::uint64_t steps) {
  return seconds_of([&loop, begin, steps] {
    for (std::uint64_t t = begin; t < begin + steps; ++t)
      loop.step(t);
  });
}

} // namespace

int main(int argc, char** argv) {
  bool serves = argc > 1 && std::string_view{argv[1]} == "serve";
  if (!serves)
    print_title("the bare loop against oneDNN's sgemm at its shapes (mlp:256,128, batch 32, 1 thread)");
  omp_set_num_threads(1);
  auto context = job_context::make(fashion_job(), standard_models(), fashion());
  auto steps = context->plan.steps_per_epoch;
  bare_loop loop{context};
  std::uint64_t done = 0;
  auto epoch = [&loop, &done, steps] {
    auto seconds = seconds_of_epoch(loop, done, steps);
    done += steps;
    return static_cast<double>(steps) / seconds;
  };
  if (serves) {
    for (std::string line; std::getline(std::cin, line);)
      std::cout << epoch() * batch_size << std::endl;
    return 0;
  }
  products gemm;
  auto operations = gemm.operations();
  contest sides;
  sides.add("sgemm", [&gemm, steps, operations] {
    return static_cast<double>(steps) * operations / seconds_of([&gemm, steps] {
             for (std::uint64_t t = 0; t < steps; ++t)
               gemm.run();
           });
  });
  sides.add("loop", [&epoch, operations] { return epoch() * operations; });
  sides.run(rounds_of(argc, argv, 15));
  for (std::size_t side = 0; side < sides.size(); ++side)
    std::printf("%-6s %7.1f GFLOP/s   x sgemm %s\n", sides.name(side).c_str(), sides.rate(side).median / 1e9,
                to_string(sides.ratio(side, 0)).c_str());
}
