#include "drover/gpu/device.hpp"

#include <doctest/doctest.h>

#include "values.hpp"
#include <cstdint>
#include <ctime>
#include <omp.h>
#include <thread>
#include <vector>

namespace drover::gpu {

TEST_CASE("a device says in one line what it is") {
  auto line = make_cpu_device()->description();
  CHECK(line.starts_with("CPU, "));
  CHECK(line.find('\n') == std::string::npos);
}

TEST_CASE("buffers are aligned to 64 bytes and move without copying") {
  auto device = make_cpu_device();
  auto first = device->allocate(3);
  CHECK(reinterpret_cast<std::uintptr_t>(first.span().data()) % 64 == 0);
  CHECK(first.span().size() == 3);
  auto* where = first.span().data();
  auto second = std::move(first);
  CHECK(second.span().data() == where);
  second = device->allocate(1000);
  CHECK(second.size() == 1000);
  CHECK(device->allocate(0).span().empty());
}

TEST_CASE("more memory than there can be is refused with a sentence") {
  auto device = make_cpu_device();
  CHECK_THROWS_AS(static_cast<void>(device->allocate(SIZE_MAX / 4)), error);
}

TEST_CASE("devices in several threads work side by side and give the same bits") {
  constexpr std::size_t threads = 4, size = 96;
  std::vector<std::vector<float>> results(threads, std::vector<float>(size * size));
  std::vector<std::thread> running;
  for (auto& result : results)
    running.emplace_back([&result] {
      auto device = make_cpu_device();
      auto order = device->make_stream();
      auto a = test::values(size * size, 1);
      for (int i = 0; i < 50; ++i)
        device->gemm(*order, {.rows = size,
                              .columns = size,
                              .inner = size,
                              .a = a,
                              .a_stride = size,
                              .b = a,
                              .b_stride = size,
                              .c = result,
                              .c_stride = size});
    });
  for (auto& thread : running)
    thread.join();
  for (const auto& result : results)
    CHECK(result == results.front());
}

TEST_CASE("a product is computed by the calling thread alone") {
  auto seconds = [](clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  constexpr std::size_t size = 256;
  auto device = make_cpu_device();
  auto order = device->make_stream();
  auto a = test::values(size * size, 1);
  std::vector<float> result(size * size);
  omp_set_num_threads(2);
  auto process = seconds(CLOCK_PROCESS_CPUTIME_ID), thread = seconds(CLOCK_THREAD_CPUTIME_ID);
  for (int i = 0; i < 50; ++i)
    device->gemm(*order, {.rows = size,
                          .columns = size,
                          .inner = size,
                          .a = a,
                          .a_stride = size,
                          .b = a,
                          .b_stride = size,
                          .c = result,
                          .c_stride = size});
  process = seconds(CLOCK_PROCESS_CPUTIME_ID) - process;
  thread = seconds(CLOCK_THREAD_CPUTIME_ID) - thread;
  CHECK(process < 1.3 * thread);
}

TEST_CASE("the caller's number of OpenMP threads is left as it was") {
  omp_set_num_threads(3);
  auto device = make_cpu_device();
  auto order = device->make_stream();
  std::vector<float> one(1, 2.0f);
  std::vector<float> result(1);
  device->gemm(*order, {.rows = 1,
                        .columns = 1,
                        .inner = 1,
                        .a = one,
                        .a_stride = 1,
                        .b = one,
                        .b_stride = 1,
                        .c = result,
                        .c_stride = 1});
  CHECK(result[0] == 4);
  CHECK(omp_get_max_threads() == 3);
}

} // namespace drover::gpu
