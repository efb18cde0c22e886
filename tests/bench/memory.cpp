// Bytes that a shard's store holds for each parameter, counted at the allocator, against what it must hold: the
// parameter and the rule's state. Limit: 4 bytes x (1 + state slots).

#include "drover/actors/core/block_store.hpp"

#include "tests/bench/measure.hpp"
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <new>
#include <string>
#include <vector>

namespace {

std::atomic<std::size_t> held_bytes{0};

void* counted(void* memory) {
  if (memory == nullptr)
    throw std::bad_alloc{};
  held_bytes += malloc_usable_size(memory);
  return memory;
}

void release(void* memory) noexcept {
  held_bytes -= malloc_usable_size(memory);
  std::free(memory);
}

} // namespace

void* operator new(std::size_t size) {
  return counted(std::malloc(size));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  auto multiple = static_cast<std::size_t>(alignment);
  return counted(std::aligned_alloc(multiple, (size + multiple - 1) / multiple * multiple));
}
void operator delete(void* memory) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  release(memory);
}

using namespace drover;

namespace {

void measure(const char* name, const parameter_layout& layout) {
  auto device = gpu::make_cpu_device();
  auto rule = make_update_rule(name, {});
  auto compensate = make_no_compensation();
  std::vector<std::uint32_t> blocks(layout.blocks().size());
  for (std::uint32_t i = 0; i < blocks.size(); ++i)
    blocks[i] = i;
  std::vector<float> gradient(layout.flat_size(), 0.01f);

  auto before = held_bytes.load();
  block_store store{layout, blocks, 1, *rule, *compensate, *device};
  auto a_parameter = [&layout, before] {
    return static_cast<double>(held_bytes - before) / static_cast<double>(layout.parameters());
  };
  auto update_all = [&store, &gradient] {
    for (std::size_t i = 0; i < store.size(); ++i)
      store.apply(i, std::span{gradient}.first(store.length(i)), {}, 0.1f);
  };
  update_all();
  auto alone = a_parameter();
  // A worker that always reads the version before the last: every update copies on write.
  std::vector<lent_block> read;
  for (int update = 0; update < 20; ++update) {
    std::vector<lent_block> next;
    for (std::size_t i = 0; i < store.size(); ++i)
      next.push_back(store.lend(i));
    read = std::move(next);
    update_all();
  }
  auto with_reader = a_parameter();

  auto needed = static_cast<double>((1 + rule->state_slots()) * sizeof(float));
  std::printf("%-9s must hold %4.1f   holds %6.3f (x %.3f)   with a reader %6.3f (x %.3f)\n", name, needed, alone,
              alone / needed, with_reader, with_reader / needed);
}

} // namespace

int main() {
  bench::print_title("bytes held a parameter by a shard's store");
  parameter_layout layout{{{.name = "weight", .shape = {8192, 1024}, .init = {}, .split_by_rows = true}}};
  std::printf("   %zu parameters in %zu blocks\n", layout.parameters(), layout.blocks().size());
  for (const auto* name : {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "ftrl"})
    measure(name, layout);
}
