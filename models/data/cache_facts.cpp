#include "drover/models/data/cache_facts.hpp"

#include <chrono>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <type_traits>
#include <vector>

namespace drover {

namespace {

/// Appends numbers of 64 bits, and texts and lists behind their sizes.
class facts_writer {
public:
  void operator()(const std::uint64_t& number) {
    result_.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
  void operator()(const std::string& text) {
    (*this)(text.size());
    result_ += text;
  }
  void operator()(const std::vector<std::string>& texts) {
    (*this)(texts.size());
    for (const auto& text : texts)
      (*this)(text);
  }
  [[nodiscard]] std::string& result() { return result_; }

private:
  std::string result_;
};

/// Takes them in the same order.
class facts_reader {
public:
  explicit facts_reader(std::string_view text) : rest_(text) {}

  void operator()(std::uint64_t& number) { std::memcpy(&number, take(sizeof number).data(), sizeof number); }
  void operator()(std::string& text) { text = take(size()); }
  void operator()(std::vector<std::string>& texts) {
    for (auto count = size(); count > 0; --count)
      (*this)(texts.emplace_back());
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  [[noreturn]] static void refuse() { throw std::runtime_error("it is damaged: what it says of itself has no sense"); }

private:
  std::uint64_t size() {
    std::uint64_t result = 0;
    (*this)(result);
    return result;
  }

  std::string_view take(std::uint64_t bytes) {
    if (bytes > rest_.size())
      refuse();
    auto result = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return result;
  }

  std::string_view rest_;
};

/// What numbers of other types are on their way.
struct wide_facts {
  std::uint64_t changed = 0;
  std::uint64_t given = 0;
  std::uint64_t columns = 0;
  std::uint64_t label_column = 0;
  std::uint64_t classes = 0;
};

/// The one order of all fields, for both directions.
template <class Facts, class Use>
void each_fact(Facts& facts, wide_facts& wide, Use& use) {
  use(facts.recipe);
  use(facts.source.bytes);
  use(wide.changed);
  use(wide.given);
  use(facts.lines_skipped);
  use(facts.first_skipped);
  use(facts.columns.names);
  use(wide.columns);
  use(wide.label_column);
  use(facts.columns.class_names);
  use(wide.classes);
  use(facts.features);
  use(facts.classes);
  use(facts.names.users);
  use(facts.names.items);
}

} // namespace

std::optional<file_state> state_of(const std::filesystem::path& path) {
  std::error_code problem;
  auto bytes = std::filesystem::file_size(path, problem);
  if (problem)
    return std::nullopt;
  auto changed = std::filesystem::last_write_time(path, problem);
  if (problem)
    return std::nullopt;
  return file_state{bytes, std::chrono::nanoseconds{changed.time_since_epoch()}.count()};
}

std::string encode_facts(const cache_facts& facts) {
  wide_facts wide{.changed = static_cast<std::uint64_t>(facts.source.changed_ns),
                  .given = facts.has_given_names ? 1u : 0u,
                  .columns = facts.columns.columns,
                  .label_column = facts.columns.label_column,
                  .classes = facts.columns.classes};
  facts_writer write;
  each_fact(facts, wide, write);
  return std::move(write.result());
}

cache_facts decode_facts(std::string_view text) {
  cache_facts result;
  wide_facts wide;
  facts_reader read{text};
  each_fact(result, wide, read);
  if (!read.at_end() || wide.given > 1)
    facts_reader::refuse();
  result.source.changed_ns = static_cast<std::int64_t>(wide.changed);
  result.has_given_names = wide.given == 1;
  result.columns.columns = wide.columns;
  result.columns.label_column = wide.label_column;
  result.columns.classes = wide.classes;
  return result;
}

} // namespace drover
