// A PROGRAM for drover_bench_pushes (see other_program.hpp) that asks ps-lite: a scheduler, one server and one worker
// on loopback, each a process of this program. Built where ps-lite is installed.
//
// As ps-lite's own best case: one key, or many; requests without copies; the server answers a pull of one key from the
// array that it holds.

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <map>
#include <ps/ps.h>
#include <random>
#include <set>
#include <string>
#include <unistd.h>
#include <unordered_map>
#include <vector>

namespace {

// Commands: what is done, and beside it the floats of a row where there are many keys.
constexpr int apply_sgd = 0;
constexpr int apply_nothing = 1;
constexpr int by_index = 1; ///< of rows: keys are indices of an array, and none has to be looked up
constexpr int row_floats = 2;
constexpr float learning_rate = 1e-6f;
constexpr std::size_t rows = 1 << 20;
constexpr std::size_t key_lists_count = 32;

struct row_table {
  std::vector<float> values;
  std::unordered_map<ps::Key, std::size_t> places; ///< as KVServerDefaultHandle finds values
};

struct held_values {
  std::map<ps::Key, ps::SArray<float>> blocks; ///< by their sizes in bytes
  std::map<std::size_t, row_table> tables;     ///< by the floats of a row
};

void answer_rows(held_values& held, const ps::KVMeta& request, const ps::KVPairs<float>& content,
                 ps::KVServer<float>* server) {
  auto width = static_cast<std::size_t>(request.cmd / row_floats);
  auto& table = held.tables[width];
  if (table.values.empty())
    table.values.resize(rows * width, 0.5f);
  auto row = [&](ps::Key key) {
    auto place = request.cmd % row_floats == by_index ? key : table.places.try_emplace(key, key).first->second;
    return table.values.data() + place * width;
  };
  ps::KVPairs<float> reply;
  if (request.pull) {
    reply.keys = content.keys;
    reply.vals.resize(content.keys.size() * width);
    for (std::size_t i = 0; i < content.keys.size(); ++i)
      std::memcpy(reply.vals.data() + i * width, row(content.keys[i]), width * sizeof(float));
  } else {
    for (std::size_t i = 0; i < content.keys.size(); ++i) {
      auto* to = row(content.keys[i]);
      for (std::size_t j = 0; j < width; ++j)
        to[j] -= learning_rate * content.vals[i * width + j];
    }
  }
  server->Response(request, reply);
}

void answer_block(held_values& held, const ps::KVMeta& request, const ps::KVPairs<float>& content,
                  ps::KVServer<float>* server) {
  auto& block = held.blocks[content.keys[0]];
  if (block.empty())
    block.resize(content.keys[0] / sizeof(float), 0.5f);
  ps::KVPairs<float> reply;
  if (request.pull) {
    reply.keys = content.keys;
    reply.vals = block;
    reply.lens.push_back(static_cast<int>(block.size()));
  } else if (request.cmd == apply_sgd) {
    for (std::size_t i = 0; i < block.size(); ++i)
      block[i] -= learning_rate * content.vals[i];
  }
  server->Response(request, reply);
}

std::vector<ps::SArray<ps::Key>> draw_keys(std::size_t bytes, std::size_t count) {
  if (count == 1)
    return {ps::SArray<ps::Key>(1, bytes)};
  std::vector<ps::SArray<ps::Key>> result(key_lists_count);
  std::mt19937_64 random{7};
  for (auto& keys : result) {
    std::set<ps::Key> drawn;
    while (drawn.size() < count)
      drawn.insert(random() % rows);
    keys = ps::SArray<ps::Key>(std::vector<ps::Key>(drawn.begin(), drawn.end()));
  }
  return result;
}

double seconds_of(ps::KVWorker<float>& worker, const std::string& what, std::size_t bytes, std::size_t key_count,
                  std::size_t count, std::size_t window) {
  auto keys = draw_keys(bytes, key_count);
  auto floats = static_cast<int>(bytes / sizeof(float));
  ps::SArray<int> lengths(key_count, floats);
  auto is_pull = what.starts_with("pull");
  auto command = key_count == 1 ? 0 : floats * row_floats + (what.ends_with("-array") ? by_index : 0);
  std::vector<ps::SArray<float>> values(window);
  std::vector<ps::SArray<int>> pulled_lengths(window);
  for (std::size_t i = 0; i < window; ++i) {
    values[i].resize(key_count * bytes / sizeof(float), 0.25f);
    pulled_lengths[i].resize(key_count, floats);
  }
  auto ask = [&](std::size_t i) {
    auto& own = values[i % window];
    const auto& of = keys[i % keys.size()];
    if (key_count > 1) // rows are of one length
      return is_pull ? worker.ZPull(of, &own, nullptr, command) : worker.ZPush(of, own, {}, command);
    if (is_pull)
      return worker.ZPull(of, &own, &pulled_lengths[i % window]);
    return worker.ZPush(of, own, lengths, what == "push" ? apply_sgd : apply_nothing);
  };
  worker.Wait(ask(0));
  auto begun = std::chrono::steady_clock::now();
  std::deque<int> under_way;
  for (std::size_t i = 0; i < count; ++i) {
    if (under_way.size() == window) {
      worker.Wait(under_way.front());
      under_way.pop_front();
    }
    under_way.push_back(ask(i));
  }
  for (int one : under_way)
    worker.Wait(one);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

// The other two, as processes of this program.
void begin_others(char** words) {
  for (const char* role : {"scheduler", "server"})
    if (fork() == 0) {
      close(STDIN_FILENO);
      open("/dev/null", O_RDONLY);
      setenv("DMLC_ROLE", role, 1);
      execv("/proc/self/exe", words);
      _exit(1);
    }
}

} // namespace

int main(int, char** words) {
  if (getenv("DMLC_ROLE") == nullptr) {
    auto port = std::to_string(20'000 + getpid() % 20'000);
    for (auto [name, value] : std::to_array<std::pair<const char*, const char*>>({{"DMLC_NUM_SERVER", "1"},
                                                                                  {"DMLC_NUM_WORKER", "1"},
                                                                                  {"DMLC_PS_ROOT_URI", "127.0.0.1"},
                                                                                  {"DMLC_PS_ROOT_PORT", port.c_str()},
                                                                                  {"DMLC_NODE_HOST", "127.0.0.1"}}))
      setenv(name, value, 1);
    begin_others(words);
    setenv("DMLC_ROLE", "worker", 1);
  }
  // ps-lite writes to standard output, which is for the answers.
  auto* answers = fdopen(dup(STDOUT_FILENO), "w");
  dup2(STDERR_FILENO, STDOUT_FILENO);
  ps::Start(0);
  held_values held;
  if (ps::IsServer()) {
    auto* server = new ps::KVServer<float>(0);
    server->set_request_handle(
        [&held](const ps::KVMeta& request, const ps::KVPairs<float>& content, ps::KVServer<float>* to) {
          (request.cmd < row_floats ? answer_block : answer_rows)(held, request, content, to);
        });
    ps::RegisterExitCallback([server] { delete server; });
  }
  if (!ps::IsServer() && !ps::IsScheduler()) {
    ps::KVWorker<float> worker(0, 0);
    std::array<char, 32> what{};
    std::size_t bytes = 0;
    std::size_t keys = 0;
    std::size_t count = 0;
    std::size_t window = 0;
    while (std::scanf("%31s %zu %zu %zu %zu", what.data(), &bytes, &keys, &count, &window) == 5) {
      std::fprintf(answers, "%.9f\n", seconds_of(worker, what.data(), bytes, keys, count, window));
      std::fflush(answers);
    }
  }
  ps::Finalize(0, true);
}
