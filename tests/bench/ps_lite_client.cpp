// A PROGRAM for drover_bench_pushes (see other_program.hpp) that asks ps-lite: a scheduler, one server and one worker
// on loopback, each a process of this program. Built where ps-lite is installed.
//
// As ps-lite's own best case: one key, requests without copies; the server answers a pull from the array that it holds.

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fcntl.h>
#include <map>
#include <ps/ps.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

// Commands of pushes.
constexpr int apply_sgd = 0;
constexpr int apply_nothing = 1;
constexpr float learning_rate = 1e-6f;

// A block is known by a key that is its size in bytes.
void answer(std::map<ps::Key, ps::SArray<float>>& held, const ps::KVMeta& request, const ps::KVPairs<float>& content,
            ps::KVServer<float>* server) {
  auto& block = held[content.keys[0]];
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

double seconds_of(ps::KVWorker<float>& worker, const std::string& what, std::size_t bytes, std::size_t count,
                  std::size_t window) {
  ps::SArray<ps::Key> keys(1, bytes);
  ps::SArray<int> lengths(1, static_cast<int>(bytes / sizeof(float)));
  std::vector<ps::SArray<float>> values(window);
  std::vector<ps::SArray<int>> pulled_lengths(window);
  for (std::size_t i = 0; i < window; ++i) {
    values[i].resize(bytes / sizeof(float), 0.25f);
    pulled_lengths[i].resize(1, lengths[0]);
  }
  auto ask = [&](std::size_t i) {
    auto& own = values[i % window];
    if (what == "pull")
      return worker.ZPull(keys, &own, &pulled_lengths[i % window]);
    return worker.ZPush(keys, own, lengths, what == "push" ? apply_sgd : apply_nothing);
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
  std::map<ps::Key, ps::SArray<float>> held;
  if (ps::IsServer()) {
    auto* server = new ps::KVServer<float>(0);
    server->set_request_handle([&held](const ps::KVMeta& request, const ps::KVPairs<float>& content,
                                       ps::KVServer<float>* to) { answer(held, request, content, to); });
    ps::RegisterExitCallback([server] { delete server; });
  }
  if (!ps::IsServer() && !ps::IsScheduler()) {
    ps::KVWorker<float> worker(0, 0);
    std::array<char, 32> what{};
    std::size_t bytes = 0;
    std::size_t count = 0;
    std::size_t window = 0;
    while (std::scanf("%31s %zu %zu %zu", what.data(), &bytes, &count, &window) == 4) {
      std::fprintf(answers, "%.9f\n", seconds_of(worker, what.data(), bytes, count, window));
      std::fflush(answers);
    }
  }
  ps::Finalize(0, true);
}
