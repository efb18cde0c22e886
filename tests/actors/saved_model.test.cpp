#include "drover/actors/saved_model.hpp"

#include "drover/messages/bulk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/resource.h>

namespace {

namespace fs = std::filesystem;

/// A folder that is gone when the test is.
struct scratch_folder {
  fs::path path = fs::temp_directory_path() / "drover_saved_model_test";
  scratch_folder() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~scratch_folder() { fs::remove_all(path); }
  [[nodiscard]] fs::path file(const char* name) const { return path / name; }
};

constexpr std::size_t block_bytes = 4096;

/// `wide` is cut into several blocks, `bias` is not.
std::shared_ptr<const drover::parameter_layout> two_tensors() {
  std::vector<drover::tensor_spec> tensors{{"layers.0.weight", {100, 30}, {}, true}, {"layers.0.bias", {7}, {}, false}};
  return std::make_shared<drover::parameter_layout>(std::move(tensors), block_bytes);
}

/// Every parameter has the value of its position, plus `first`.
drover::model_snapshot counted(std::shared_ptr<const drover::parameter_layout> layout, float first = 0) {
  std::vector<const float*> blocks;
  std::vector<std::shared_ptr<const void>> owners;
  for (const auto& block : layout->blocks()) {
    auto values = std::make_shared<drover::bulk>(block.size);
    for (auto& value : values->values())
      value = first++;
    blocks.push_back(values->values().data());
    owners.push_back(values);
  }
  return {std::move(layout), std::move(blocks), std::move(owners)};
}

std::vector<float> flat(const drover::model_snapshot& parameters) {
  std::vector<float> result;
  for (std::size_t block = 0; block < parameters.layout().blocks().size(); ++block) {
    auto values = parameters.view().block(block);
    result.insert(result.end(), values.begin(), values.end());
  }
  return result;
}

std::string bytes_of(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream{file, std::ios::binary}.rdbuf();
  return out.str();
}

void write_bytes(const fs::path& file, const std::string& bytes) {
  std::ofstream{file, std::ios::binary} << bytes;
}

/// A file with that header and so many bytes of data.
void write_raw(const fs::path& file, const std::string& header, std::size_t data_bytes) {
  std::uint64_t size = header.size();
  std::string length(sizeof size, '\0');
  std::memcpy(length.data(), &size, sizeof size);
  write_bytes(file, length + header + std::string(data_bytes, '\0'));
}

std::string sentence_of(const std::function<void()>& what) {
  try {
    what();
  } catch (const std::runtime_error& problem) {
    return problem.what();
  }
  return "(nothing was refused)";
}

std::string refusal(const fs::path& file) {
  return sentence_of([&file] { drover::saved_model{file}; });
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a model comes back from its file the same, whatever the size of the blocks") {
  scratch_folder folder;
  auto layout = two_tensors();
  REQUIRE(layout->blocks().size() > 3);
  drover::job origin;
  origin->setData("somewhere");
  origin->setSeed(77);
  auto original = counted(layout);
  drover::save_model(folder.file("m"), original, origin);

  drover::saved_model saved{folder.file("m")};
  CHECK(drover::to_json(saved.origin()) == drover::to_json(origin));
  CHECK(flat(saved.parameters(layout)) == flat(original));
  auto uncut = std::make_shared<drover::parameter_layout>(
      std::vector<drover::tensor_spec>(layout->tensors().begin(), layout->tensors().end()));
  REQUIRE(uncut->blocks().size() == 2);
  CHECK(flat(saved.parameters(uncut)) == flat(original));
}

TEST_CASE("a model comes back with the columns of the table that it was trained on") {
  scratch_folder folder;
  auto saved = [&folder](const std::optional<drover::table_columns>& columns) {
    drover::save_model(folder.file("m"), counted(two_tensors()), drover::job{}, columns);
    return drover::saved_model{folder.file("m")};
  };
  CHECK(saved({}).columns() == nullptr);
  drover::table_columns numbers{.names = {}, .columns = 4, .label_column = 0, .class_names = {}, .classes = 7};
  auto model = saved(numbers);
  REQUIRE(model.columns() != nullptr);
  CHECK(*model.columns() == numbers);
  drover::table_columns names{.names = {"größe", "a \"b\"\\", ""},
                              .columns = 3,
                              .label_column = 1,
                              .class_names = {"\x01\t", "\x0f\x1f", "ä/\\u00e9", "🐑"},
                              .classes = 4};
  model = saved(names);
  REQUIRE(model.columns() != nullptr);
  CHECK(*model.columns() == names);
}

TEST_CASE("a table that makes no sense is refused") {
  scratch_folder folder;
  auto refused = [&folder](std::string table) {
    for (auto at = table.find('"'); at != std::string::npos; at = table.find('"', at + 2))
      table.insert(at, 1, '\\');
    write_raw(folder.file("m"), R"({"__metadata__": {"job": "{}", "table": ")" + table + R"("}})", 0);
    return refusal(folder.file("m"));
  };
  auto fields = [](const std::string& rest) { return R"({"columns": 3, "classes": 2, )" + rest + "}"; };
  CHECK(refused(fields(R"("labelColumn": 2)")) == "(nothing was refused)");
  CHECK(refused(fields(R"("columnNames": ["a", "b", "c"], "classNames": ["a", "b"])")) == "(nothing was refused)");
  auto begin = "cannot use " + folder.file("m").string() +
               " as a saved model: what it says of the table that it was trained on cannot be used: ";
  CHECK(refused("[").starts_with(begin));
  CHECK(refused("3").starts_with(begin));
  CHECK(refused(R"({"columns": "three"})").starts_with(begin));
  CHECK(refused(R"({"columns": -1})").starts_with(begin));
  CHECK(refused(R"({"columns": 1e300})").starts_with(begin));
  CHECK(refused("{}") == begin + "it has fewer than two columns");
  CHECK(refused(R"({"columns": 2})") == "(nothing was refused)"); // labels were numbers
  CHECK(refused(R"({"columns": 2, "classes": 1000001})") == begin + "its number of classes is impossible");
  CHECK(refused(fields(R"("labelColumn": 3)")) == begin + "its label is in a column that it does not have");
  CHECK(refused(fields(R"("columnNames": ["a"])")) == begin + "it has not as many names as columns");
  CHECK(refused(fields(R"("classNames": ["a"])")) == begin + "it has not as many class names as classes");
  CHECK(refused(fields(R"("classNames": ["b", "a"])")) == begin + "its class names are not in order");
  CHECK(refused(fields(R"("classNames": ["a", "a"])")) == begin + "its class names are not in order");
}

TEST_CASE("tensors begin at a multiple of 8 bytes and fill the file") {
  scratch_folder folder;
  drover::save_model(folder.file("m"), counted(two_tensors()), drover::job{});
  auto bytes = bytes_of(folder.file("m"));
  std::uint64_t header = 0;
  std::memcpy(&header, bytes.data(), sizeof header);
  CHECK(header % 8 == 0);
  CHECK(bytes.size() == 8 + header + (100 * 30 + 7) * sizeof(float));
  CHECK(contains(bytes.substr(8, header), R"("format":"drover")"));
}

TEST_CASE("a file that was cut short anywhere is refused") {
  scratch_folder folder;
  drover::save_model(folder.file("m"), counted(two_tensors()), drover::job{});
  auto bytes = bytes_of(folder.file("m"));
  std::uint64_t header = 0;
  std::memcpy(&header, bytes.data(), sizeof header);
  for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{8}, std::size_t{9},
                           std::size_t{7 + header}, std::size_t{8 + header}, bytes.size() / 2, bytes.size() - 1}) {
    CAPTURE(size);
    write_bytes(folder.file("cut"), bytes.substr(0, size));
    CHECK(
        refusal(folder.file("cut")).starts_with("cannot use " + folder.file("cut").string() + " as a saved model: it"));
  }
  write_bytes(folder.file("long"), bytes + "x");
  CHECK(contains(refusal(folder.file("long")), "its tensors take 12028 bytes and it has 12029"));
}

TEST_CASE("a file that is not a saved model is refused") {
  scratch_folder folder;
  auto file = folder.file("m");
  CHECK(refusal(file) == "cannot read " + file.string() + ": No such file or directory");
  CHECK(refusal(folder.path) == "cannot read " + folder.path.string() + ": it is not a regular file");
  write_bytes(file, "label,pixel1,pixel2\n1,2,3\n");
  CHECK(contains(refusal(file), "it is not a safetensors file, or its header is larger than 100 MiB"));

  auto refused = [&file](const std::string& header, std::size_t data_bytes = 8) {
    write_raw(file, header, data_bytes);
    return refusal(file);
  };
  auto tensor = [](const std::string& description) { return R"({"x": {)" + description + "}}"; };
  CHECK(contains(refused("{"), "its header is not JSON"));
  CHECK(contains(refused("[]"), "its header is not a JSON object"));
  CHECK(contains(refused(R"({"x": 3})"), "tensor x is not described by an object"));
  CHECK(contains(refused(tensor(R"("dtype": "F16", "shape": [4], "data_offsets": [0, 8])")),
                 "tensor x is of type F16, and only F32 is read"));
  CHECK(contains(refused(tensor(R"("dtype": "F32", "shape": [2])")), "tensor x does not say where its data lie"));
  CHECK(contains(refused(tensor(R"("dtype": "F32", "shape": [2.5], "data_offsets": [0, 8])")),
                 "tensor x: shape contains something else than whole numbers"));
  CHECK(contains(refused(tensor(R"("dtype": "F32", "shape": [-2], "data_offsets": [0, 8])")), "whole numbers"));
  CHECK(contains(refused(tensor(R"("dtype": "F32", "shape": [3], "data_offsets": [0, 8])")),
                 "tensor x has the shape [3], which is 12 bytes, but its data go from 0 to 8"));
  CHECK(contains(refused(tensor(R"("dtype": "F32", "shape": [2], "data_offsets": [8, 0])")), "from 8 to 0"));
  CHECK(contains(
      refused(tensor(R"("dtype": "F32", "shape": [4294967296, 4294967296, 4294967296], "data_offsets": [0, 0])")),
      "tensor x has an impossible shape"));
  CHECK(contains(refused(tensor(R"("dtype": "F32", "shape": [2], "data_offsets": [0, 8])"), 4), "it was cut short"));
  CHECK(contains(refused(tensor(R"("dtype": "F32", "shape": [2], "data_offsets": [4, 12])"), 12),
                 "tensor x begins at byte 4 of the data, not at 0"));
  auto one = R"("dtype": "F32", "shape": [2], "data_offsets": [0, 8])";
  CHECK(contains(refused(R"({"x": {)" + std::string{one} + R"(}, "y": {)" + one + "}}"), "tensor y begins at byte 0"));
  CHECK(contains(refused(R"({"x": {)" + std::string{one} + R"(}, "x": {)" + one + "}}"), "its header names x twice"));
  CHECK(contains(refused(tensor(one)), "it does not say by which job it was made"));
  CHECK(contains(refused(R"({"__metadata__": {"job": "{\"workers\": 0}"}})", 0),
                 "the job that made it cannot be read: workers is 0"));
  CHECK(contains(refused(R"({"__metadata__": {"job": 3}})", 0), "its metadata job are not a text"));
}

TEST_CASE("a model of other tensors than asked for is refused by the first that differs") {
  scratch_folder folder;
  drover::save_model(folder.file("m"), counted(two_tensors()), drover::job{});
  drover::saved_model saved{folder.file("m")};
  auto refused = [&saved](std::vector<drover::tensor_spec> wanted) {
    auto layout = std::make_shared<drover::parameter_layout>(std::move(wanted));
    return sentence_of([&] { (void)saved.parameters(layout); });
  };
  CHECK(contains(refused({{"layers.0.weight", {100, 31}, {}, true}, {"layers.0.bias", {7}, {}, false}}),
                 "tensor layers.0.weight has the shape [100, 30], and the model needs [100, 31]"));
  CHECK(contains(refused({{"layers.0.weight", {100, 30}, {}, true}, {"layers.1.bias", {7}, {}, false}}),
                 "it has no tensor layers.1.bias, which the model needs"));
  CHECK(contains(refused({{"layers.0.weight", {100, 30}, {}, true}}),
                 "it has a tensor layers.0.bias, which the model does not"));
}

TEST_CASE("a model is saved over an older one") {
  scratch_folder folder;
  auto layout = two_tensors();
  drover::save_model(folder.file("m"), counted(layout), drover::job{});
  drover::save_model(folder.file("m"), counted(layout, 5), drover::job{});
  CHECK(flat(drover::saved_model{folder.file("m")}.parameters(layout)).front() == 5);
  CHECK(std::distance(fs::directory_iterator{folder.path}, {}) == 1);
}

TEST_CASE("a model that is saved to a link replaces the file that the link leads to") {
  scratch_folder folder;
  auto layout = two_tensors();
  fs::create_directory(folder.file("models"));
  fs::create_symlink("models/m", folder.file("link"));
  fs::create_symlink("link", folder.file("link to link"));
  for (float first : {1.0f, 5.0f}) { // nothing is there, then something
    drover::save_model(folder.file("link to link"), counted(layout, first), drover::job{});
    CHECK(fs::is_symlink(folder.file("link")));
    CHECK(fs::is_symlink(folder.file("link to link")));
    CHECK(flat(drover::saved_model{folder.file("models") / "m"}.parameters(layout)).front() == first);
  }
  fs::create_symlink("round", folder.file("round"));
  CHECK(contains(sentence_of([&] { drover::check_save_place(folder.file("round")); }),
                 "Too many levels of symbolic links"));
  CHECK(fs::is_symlink(folder.file("round")));
}

TEST_CASE("a place where nothing can be saved is refused and left as it is") {
  scratch_folder folder;
  auto refused = [](const fs::path& place) { return sentence_of([&place] { drover::check_save_place(place); }); };
  CHECK(refused(folder.file("none") / "m") ==
        "cannot save " + (folder.file("none") / "m").string() + ": No such file or directory");
  CHECK(contains(refused(folder.path), "something else than a regular file is there"));
  CHECK(contains(refused("/dev/null"), "something else than a regular file is there"));
  write_bytes(folder.file("m"), "old");
  drover::check_save_place(folder.file("m"));
  CHECK(bytes_of(folder.file("m")) == "old");
  CHECK(std::distance(fs::directory_iterator{folder.path}, {}) == 1);
}

TEST_CASE("a full disk leaves the older file and nothing beside it") {
  scratch_folder folder;
  write_bytes(folder.file("m"), "old");
  // The kernel refuses to let a file grow beyond a limit just as it does on a full disk.
  auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  auto tight = before;
  tight.rlim_cur = 4000;
  REQUIRE(setrlimit(RLIMIT_FSIZE, &tight) == 0);
  auto sentence = sentence_of([&] { drover::save_model(folder.file("m"), counted(two_tensors()), drover::job{}); });
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);
  CHECK(sentence == "cannot save " + folder.file("m").string() + ": File too large");
  CHECK(bytes_of(folder.file("m")) == "old");
  CHECK(std::distance(fs::directory_iterator{folder.path}, {}) == 1);
}

TEST_CASE(
    "a saved model keeps the users and items whose ratings it was trained on, and refuses names that stand twice") {
  scratch_folder folder;
  const drover::rating_names names{.users = {"ann", "b\"b", "naïve \\ user"}, .items = {"1", "film, the"}};
  drover::save_model(folder.file("m"), counted(two_tensors()), drover::job{}, {}, &names);
  const drover::saved_model saved{folder.file("m")};
  REQUIRE(saved.names() != nullptr);
  CHECK(*saved.names() == names);
  CHECK(saved.columns() == nullptr);

  const drover::rating_names twice{.users = {"ann", "ann"}, .items = {"1"}};
  drover::save_model(folder.file("m"), counted(two_tensors()), drover::job{}, {}, &twice);
  CHECK_THROWS_WITH(drover::saved_model{folder.file("m")},
                    doctest::Contains("what it says of users and items cannot be used: it has user ann twice"));
  drover::save_model(folder.file("m"), counted(two_tensors()), drover::job{});
  CHECK(drover::saved_model{folder.file("m")}.names() == nullptr);
}
