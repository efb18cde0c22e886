#include "drover/actors/job.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>

namespace {

using drover::job;

std::string sentence_of(const std::function<void()>& what) {
  try {
    what();
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
  return "(nothing was refused)";
}

std::string refusal_of_json(const std::string& text) {
  return sentence_of([&text] { (void)drover::job_from_json(text); });
}

std::string refusal_of_flag(const std::string& flag, const std::string& value) {
  return sentence_of([&flag, &value] {
    job target;
    drover::set_field(target, flag, value);
  });
}

const drover::job_field& field(const std::string& flag) {
  auto fields = drover::job_fields();
  auto found = std::find_if(fields.begin(), fields.end(), [&flag](const auto& one) { return one.flag == flag; });
  REQUIRE(found != fields.end());
  return *found;
}

} // namespace

TEST_CASE("flags come from the schema with section, help, default and choices") {
  CHECK(drover::job_fields().size() == 52);
  CHECK(drover::job_fields().front().flag == "model");
  CHECK(drover::job_fields().front().section == "Model");
  CHECK(field("activation").section == "Model");
  CHECK(field("learning-rate").name == "learningRate");
  CHECK(field("learning-rate").section == "Update rule");
  CHECK(field("learning-rate").default_value == "0");
  CHECK(field("epsilon").default_value == "1e-08");
  CHECK(field("consistency").default_value == "ssp:3");
  CHECK(field("block-bytes").default_value == "1048576");
  CHECK(field("data").default_value.empty());
  CHECK(field("prefetch").is_switch);
  CHECK(field("compensation").choices ==
        std::vector<std::string>{"none", "staleness-aware", "dc-asgd", "dc-asgd-adaptive"});
  for (const auto& one : drover::job_fields())
    CHECK_MESSAGE(!one.help.empty(), one.flag);
}

TEST_CASE("a flag sets its field") {
  job target;
  drover::set_field(target, "workers", "8");
  drover::set_field(target, "learning-rate", "0.25");
  drover::set_field(target, "compensation", "dc-asgd-adaptive");
  drover::set_field(target, "prefetch", "true");
  drover::set_field(target, "seed", "18446744073709551615");
  drover::set_field(target, "data", "/some/where");
  CHECK(target.read().getWorkers() == 8);
  CHECK(target.read().getLearningRate() == 0.25);
  CHECK(target.read().getCompensation() == drover::messages::Compensation::DC_ASGD_ADAPTIVE);
  CHECK(target.read().getPrefetch());
  CHECK(target.read().getSeed() == 18446744073709551615u);
  CHECK(target.read().getData() == "/some/where");
  drover::set_field(target, "compensation", "dcAsgd");
  CHECK(target.read().getCompensation() == drover::messages::Compensation::DC_ASGD);
}

TEST_CASE("a bad flag is refused with a sentence that names it and what is allowed") {
  CHECK(refusal_of_flag("lerning-rate", "1") == "there is no flag --lerning-rate: did you mean --learning-rate?");
  CHECK(refusal_of_flag("workers", "0") == "--workers is 0: allowed is a whole number from 1 to 100000");
  CHECK(refusal_of_flag("workers", "2.5") == "--workers is 2.5: allowed is a whole number from 1 to 100000");
  CHECK(refusal_of_flag("workers", "-1") == "--workers is -1: allowed is a whole number from 1 to 100000");
  CHECK(refusal_of_flag("workers", "99999999999999999999") ==
        "--workers is 99999999999999999999: allowed is a whole number from 1 to 100000");
  CHECK(refusal_of_flag("workers", "") == "--workers is empty: allowed is a whole number from 1 to 100000");
  CHECK(refusal_of_flag("workers", "2 ") == "--workers is 2 : allowed is a whole number from 1 to 100000");
  CHECK(refusal_of_flag("seed", "-1") == "--seed is -1: allowed is a whole number from 0 to 18446744073709551615");
  CHECK(refusal_of_flag("learning-rate", "nan") == "--learning-rate is nan: allowed is a number from 0 to 1000");
  CHECK(refusal_of_flag("learning-rate", "inf") == "--learning-rate is inf: allowed is a number from 0 to 1000");
  CHECK(refusal_of_flag("learning-rate", "0,1") == "--learning-rate is 0,1: allowed is a number from 0 to 1000");
  CHECK(refusal_of_flag("clip-norm", "1e10") == "--clip-norm is 1e10: allowed is a number from 0 to 1000000000");
  CHECK(refusal_of_flag("prefetch", "yes") == "--prefetch is yes: allowed is true or false");
  CHECK(refusal_of_flag("schedule", "cosin") ==
        "--schedule is cosin: did you mean cosine? Allowed is one of constant, step, cosine");
}

TEST_CASE("a job comes back from its JSON the same") {
  job original;
  original->setData("data \"with\" quotes \\ and\nlines, ä");
  original->setSeed(12345);
  original->setLearningRate(0.1 + 0.2);
  original->setEpsilon(1e-30);
  original->setOptimizer(drover::messages::Optimizer::ADAMW);
  original->setCompensation(drover::messages::Compensation::STALENESS_AWARE);
  original->setAugmentFlip(true);
  original->setBlockBytes(268435456);
  auto text = drover::to_json(original);
  auto copy = drover::job_from_json(text);
  CHECK(drover::to_json(copy) == text);
  CHECK(copy.read().getData() == original.read().getData());
  CHECK(copy.read().getLearningRate() == original.read().getLearningRate());
  CHECK(copy.read().getEpsilon() == 1e-30);
  CHECK(copy.read().getAugmentFlip());
  CHECK(text.find("\"seed\": 12345,") != std::string::npos);
  CHECK(text.find("\"compensation\": \"stalenessAware\"") != std::string::npos);
  CHECK(text.find("\"blockBytes\": 268435456,") != std::string::npos);
}

TEST_CASE("a seed that a double cannot hold comes back from its JSON the same") {
  job original;
  original->setSeed(18446744073709551615u);
  CHECK(drover::job_from_json(drover::to_json(original)).read().getSeed() == 18446744073709551615u);
  CHECK(refusal_of_json(R"({"seed": 18446744073709551615})") ==
        "seed is above 9007199254740992, where JSON's numbers are not exact: write it in quotes");
}

TEST_CASE("absent fields keep their defaults") {
  auto one = drover::job_from_json(R"({"workers": 3, "optimizer": "adam", "compensation": "dc-asgd", "seed": "7"})");
  CHECK(one.read().getWorkers() == 3);
  CHECK(one.read().getOptimizer() == drover::messages::Optimizer::ADAM);
  CHECK(one.read().getCompensation() == drover::messages::Compensation::DC_ASGD);
  CHECK(one.read().getSeed() == 7);
  CHECK(one.read().getEpochs() == 10);
  CHECK(one.read().getModel() == "mlp:256,128");
}

TEST_CASE("a bad job file is refused with a sentence") {
  CHECK(refusal_of_json("") == "this is not JSON in line 1: it is empty");
  CHECK(refusal_of_json("{") == "this is not JSON in line 1: it ends where a name in quotes or } belongs");
  CHECK(refusal_of_json("{\n\"workers\": 1,\n}") ==
        "this is not JSON in line 3: there is } where a name in quotes belongs");
  CHECK(refusal_of_json(R"({"workers": 1} x)") == "this is not JSON in line 1: there is x after its end");
  CHECK(refusal_of_json(std::string(1000, '[')) ==
        "this is not JSON in line 1: arrays and objects are more than 64 deep in each other");
  // As deep as is allowed: that is no job, and JSON.
  CHECK(refusal_of_json(std::string(64, '[') + std::string(64, ']')) ==
        "a job is a JSON object, { … }, and this is an array");
  CHECK(refusal_of_json("[]") == "a job is a JSON object, { … }, and this is an array");
  CHECK(refusal_of_json("3") == "a job is a JSON object, { … }, and this is 3");
  CHECK(refusal_of_json(R"({"wor\nker": 1})") == "a job has no field wor\\nker: did you mean workers?");
  CHECK(refusal_of_json(R"({"worker": 1})") == "a job has no field worker: did you mean workers?");
  CHECK(refusal_of_json(R"({"workers": 1, "workers": 2})") == "workers is given twice");
  CHECK(refusal_of_json(R"({"workers": 0})") == "workers is 0: allowed is a whole number from 1 to 100000");
  CHECK(refusal_of_json(R"({"workers": -1})") == "workers is -1: allowed is a whole number from 1 to 100000");
  CHECK(refusal_of_json(R"({"workers": 1.5})") == "workers is 1.5: allowed is a whole number from 1 to 100000");
  CHECK(refusal_of_json(R"({"workers": 1e300})") == "workers is 1e+300: allowed is a whole number from 1 to 100000");
  CHECK(refusal_of_json(R"({"workers": "two"})") ==
        "workers is the text \"two\": allowed is a whole number from 1 to 100000");
  CHECK(refusal_of_json(R"({"workers": null})") == "workers is null: allowed is a whole number from 1 to 100000");
  CHECK(refusal_of_json(R"({"workers": ")" + std::string(1000, 'x') + "\"}") ==
        "workers is the text \"" + std::string(60, 'x') + "…\": allowed is a whole number from 1 to 100000");
  CHECK(refusal_of_json(R"({"workers": []})") == "workers is an array: allowed is a whole number from 1 to 100000");
  CHECK(refusal_of_json(R"({"seed": -1})") == "seed is -1: allowed is a whole number from 0 to 18446744073709551615");
  CHECK(refusal_of_json(R"({"learningRate": -0.5})") == "learningRate is -0.5: allowed is a number from 0 to 1000");
  CHECK(refusal_of_json(R"({"learningRate": 1e999})").starts_with("learningRate is inf"));
  CHECK(refusal_of_json(R"({"data": 3})") == "data is 3: allowed is a text");
  CHECK(refusal_of_json(R"({"data": "a\u0000b"})") == "data contains a character of value 0, which no text may");
  CHECK(refusal_of_json(R"({"prefetch": "true"})") == "prefetch is the text \"true\": allowed is true or false");
  CHECK(refusal_of_json(R"({"optimizer": "adamm"})").starts_with("optimizer is adamm: did you mean adam? "));
  CHECK(refusal_of_json(R"({"optimizer": 5})").starts_with("optimizer is 5: allowed is one of sgd, "));
  CHECK(refusal_of_json(R"({"data": foo(1)})") == "this is not JSON in line 1: there is foo where a value belongs");
}

TEST_CASE("what depends on other fields is filled in") {
  auto rate = [](drover::messages::Optimizer rule) {
    job one;
    one->setOptimizer(rule);
    return drover::resolve(one).read().getLearningRate();
  };
  CHECK(rate(drover::messages::Optimizer::SGD) == 0.1);
  CHECK(rate(drover::messages::Optimizer::NESTEROV) == 0.01);
  CHECK(rate(drover::messages::Optimizer::ADAM) == 0.001);
  job one;
  one->setCompensation(drover::messages::Compensation::DC_ASGD);
  CHECK(drover::resolve(one).read().getCompensationLambda() == 0.04);
  one->setCompensation(drover::messages::Compensation::DC_ASGD_ADAPTIVE);
  CHECK(drover::resolve(one).read().getCompensationLambda() == 2);
  one->setCompensationLambda(0.5);
  one->setLearningRate(0.3);
  CHECK(drover::resolve(one).read().getCompensationLambda() == 0.5);
  CHECK(drover::resolve(one).read().getLearningRate() == 0.3);
}

TEST_CASE("fields that contradict each other are refused") {
  auto refusal = [](const std::string& json) {
    return sentence_of([&json] { (void)drover::resolve(drover::job_from_json(json)); });
  };
  CHECK(refusal(R"({"consistency": "bsp", "compensation": "dcAsgd"})").starts_with("bsp has no staleness"));
  CHECK(refusal(R"({"consistency": "bsp", "prefetch": true})").find("nothing to prefetch") != std::string::npos);
  CHECK(refusal(R"({"consistency": "bsp:3"})") ==
        "consistency is bsp:3: bsp takes no staleness; say bsp, or ssp:S for a bound, for example ssp:3");
  CHECK(refusal(R"({"consistency": "ssp"})").find("say ssp:S, for example ssp:3") != std::string::npos);
  CHECK(refusal(R"({"testData": "t.csv", "holdout": 0.1})").starts_with("testData and holdout both say"));
  CHECK(refusal(R"({"save": "x", "metrics": "x"})") == "save and metrics name the same file, x");
  CHECK(refusal(R"({"model": ""})").starts_with("model is without a name"));
  CHECK(refusal(R"({"model": ":3"})").starts_with("model is without a name"));
}

TEST_CASE("what is written must not take the place of what is read") {
  namespace fs = std::filesystem;
  auto folder = fs::temp_directory_path() / "drover_places_test";
  fs::remove_all(folder);
  fs::create_directories(folder / "data" / "below");
  std::ofstream{folder / "data" / "train.csv"} << "1,2,0\n";
  std::ofstream{folder / "job"} << "{}";
  fs::create_symlink("data", folder / "link");
  fs::create_hard_link(folder / "job", folder / "twin");
  auto refusal = [&folder](const std::string& written, const fs::path& place, const fs::path& data) {
    job one;
    drover::set_field(one, written, place.string());
    one->setData(data.string());
    return sentence_of([&one, &folder] { (void)drover::resolve(one, folder / "job"); });
  };
  auto data = folder / "data";
  for (std::string written : {"save", "metrics"}) {
    auto same = [&](const fs::path& place, const std::string& other) {
      return written + " and " + other + " name the same file, " + place.string();
    };
    auto within = [&](const fs::path& place, const fs::path& where) {
      return written + ", " + place.string() + ", lies in the folder of the data, " + where.string() +
             ": name another folder";
    };
    for (const auto* name : {"job", "./data/../job", "twin"})
      CHECK(refusal(written, folder / name, data) == same(folder / name, "the job file"));
    CHECK(refusal(written, data / "train.csv", data / "train.csv") == same(data / "train.csv", "data"));
    CHECK(refusal(written, folder / "link" / "train.csv", data / "train.csv") ==
          same(folder / "link" / "train.csv", "data"));
    for (const auto& place : {data / "train.csv", data / "m", folder / "link" / "m", data / "below" / ".." / "m"}) {
      CHECK(refusal(written, place, data) == within(place, data));
      CHECK(refusal(written, place, folder / "link") == within(place, folder / "link"));
    }
    CHECK(refusal(written, data / "below" / "m", data) == "(nothing was refused)");
    CHECK(refusal(written, folder / "m", data) == "(nothing was refused)");
    CHECK(refusal(written, data / "m", data / "train.csv") == "(nothing was refused)");
    CHECK(refusal(written, std::string(5000, 'x'), std::string(5000, 'y')) == "(nothing was refused)");
  }
  fs::remove_all(folder);
}

TEST_CASE("limits hold for a job that was made in the program, too") {
  job one;
  one->setWorkers(0);
  CHECK(sentence_of([&one] { (void)drover::resolve(one); }) ==
        "workers is 0: allowed is a whole number from 1 to 100000");
  one->setWorkers(1);
  one->setMomentum(1);
  CHECK(sentence_of([&one] { (void)drover::resolve(one); }) ==
        "momentum is 1: allowed is a number from 0 to 0.9999999");
  one->setMomentum(0);
  one->setOptimizer(static_cast<drover::messages::Optimizer>(99));
  CHECK(sentence_of([&one] { (void)drover::resolve(one); }).starts_with("optimizer is number 99: allowed is one of"));
}

TEST_CASE("copies of a job are independent") {
  job one;
  one->setWorkers(3);
  job other{one};
  other->setWorkers(4);
  CHECK(one.read().getWorkers() == 3);
  one = other;
  CHECK(one.read().getWorkers() == 4);
  job moved{std::move(other)};
  moved->setWorkers(5);
  CHECK(moved.read().getWorkers() == 5);
}

TEST_CASE("a job file is JSON or Cap'n Proto text") {
  auto folder = std::filesystem::temp_directory_path() / "drover_job_test";
  std::filesystem::create_directories(folder);
  auto refusal = [&folder](const std::string& text) {
    std::ofstream{folder / "job"} << text;
    return sentence_of([&folder] { (void)drover::job_from_file(folder / "job"); });
  };
  auto named = "job file " + (folder / "job").string() + ": ";

  std::ofstream{folder / "job"} << " \n{\"workers\": 5}\n";
  CHECK(drover::job_from_file(folder / "job").read().getWorkers() == 5);
  std::ofstream{folder / "job"} << " (workers = 6, optimizer = adam, data = \"x\")\n";
  CHECK(drover::job_from_file(folder / "job").read().getWorkers() == 6);
  CHECK(drover::job_from_file(folder / "job").read().getData() == "x");

  CHECK(refusal("(workers = 0)") == named + "workers is 0: allowed is a whole number from 1 to 100000");
  CHECK(refusal("(learningRate = inf)") == named + "learningRate is inf: allowed is a number from 0 to 1000");
  CHECK(refusal("(worker = 1)") == named + "a job has no field worker: did you mean workers?");
  CHECK(refusal("(optimizer = sdg)").find("sgd") != std::string::npos);
  CHECK(refusal(std::string{"(workers = 1)\0x", 15}) == named + "it has a zero byte, which no text has");
  CHECK(refusal("(workers = -1)").starts_with(named + "this is not a job in Cap'n Proto text: "));
  CHECK(refusal("(workers = 1").starts_with(named + "this is not a job in Cap'n Proto text: "));
  // The codec's own words: no other field is blamed.
  for (const auto* text : {"(compensationLambda = 1, workers = x)", "(data = \"my optimizer runs\", workers = x)",
                           "(data = \"optimizer = runs\", workers = x)", "# optimizer = runs\n(workers = x)"})
    CHECK(refusal(text) == named + "this is not a job in Cap'n Proto text: External constants not allowed");
  for (const auto* text :
       {"(scheduleStepEpochs = 5, workers = \"a\")", "(data = \"my optimizer runs\", workers = \"a\")",
        "(data = \"\\\"optimizer = runs\", workers = \"a\")"})
    CHECK(refusal(text).starts_with(named + "this is not a job in Cap'n Proto text: "));
  CHECK(refusal("(data = \"x\", optimizer\n=\tsdg)").starts_with(named + "optimizer is sdg: did you mean sgd?"));
  CHECK(refusal("{\"workers\": 0}") == named + "workers is 0: allowed is a whole number from 1 to 100000");
  CHECK(refusal(" \n") == named + "it is empty; a job without any settings is {}");
  CHECK(refusal(std::string(2 << 20, ' ')).find("which a job never needs") != std::string::npos);
  CHECK(sentence_of([&folder] { (void)drover::job_from_file(folder); }).find("it is a folder") != std::string::npos);
  CHECK(sentence_of([&folder] { (void)drover::job_from_file(folder / "none"); }) ==
        "job file " + (folder / "none").string() + ": it cannot be read: No such file or directory");
  std::string long_name(300, 'x');
  CHECK(sentence_of([&long_name] { (void)drover::job_from_file(long_name); }) ==
        "job file " + long_name + ": it cannot be read: File name too long");
  std::filesystem::remove_all(folder);
}

TEST_CASE("a job file in Cap'n Proto text that would nest deep is refused before the codec follows it") {
  auto file = std::filesystem::temp_directory_path() / "drover_deep_job_test";
  auto refusal = [&file](const std::string& text) {
    std::ofstream{file} << text;
    return sentence_of([&file] { (void)drover::job_from_file(file); });
  };
  auto deep = [](const std::string& part) {
    std::string result = "(data = ";
    for (int i = 0; i < 100'000; ++i)
      result += part;
    return result + ")";
  };
  auto sentence = "job file " + file.string() +
                  ": it has more than 200 opening brackets and dots outside quotes, which no job needs";
  for (const auto* part : {"(", "[", "[(", "(data = ", "a.", ".a", "\"\"(", "#\"\n(", "\"\\\"\"(", "\"\n("})
    CHECK_MESSAGE(refusal(deep(part)) == sentence, part);
  // In quotes and comments they mean nothing.
  std::ofstream{file} << "# " << std::string(1000, '.') << "\n(data = \"" << std::string(1000, '(') << "\")";
  CHECK(drover::job_from_file(file).read().getData().size() == 1000);
  std::filesystem::remove(file);
}

TEST_CASE("escaped characters of JSON are those that were meant") {
  auto data = [](const std::string& text) {
    return std::string{drover::job_from_json(R"({"data": ")" + text + "\"}").read().getData().cStr()};
  };
  CHECK(data(R"(/caf\u00e9/\u00C4)") == "/café/Ä");
  CHECK(data(R"(\u000f\u001F)") == "\x0f\x1f");
  CHECK(data(R"(\ud83d\udc11)") == "🐑");
  CHECK(data(R"(\u0022\u005c\\u00e9)") == R"("\\u00e9)");
  job source;
  drover::set_field(source, "data", "\x0f\"\\ü");
  CHECK(std::string{drover::job_from_json(to_json(source)).read().getData().cStr()} == "\x0f\"\\ü");
}

TEST_CASE("an escape that is none is refused") {
  CHECK(refusal_of_json(R"({"data": "\u00"})").starts_with("this is not JSON"));
  CHECK(refusal_of_json(R"({"data": "\u00gg"})").starts_with("this is not JSON"));
  CHECK(refusal_of_json("{\"data\": \"\\").starts_with("this is not JSON"));
}
