#include "drover/actors/saved_model.hpp"

#include "drover/actors/saved_model_file.hpp"
#include "drover/actors/saved_model_header.hpp"
#include "drover/actors/saved_table.hpp"
#include "drover/messages/bulk.hpp"
#include "drover/models/data/replacement_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

namespace drover {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian, and are written as is");

namespace {

using header_size = std::uint64_t;

saved_model_header header_for(const parameter_layout& layout, const job& origin,
                              const std::optional<table_columns>& columns, const rating_names* names) {
  saved_model_header result;
  std::uint64_t position = 0;
  for (const auto& tensor : layout.tensors()) {
    auto begin = position;
    position += tensor.size() * sizeof(float);
    result.tensors.push_back({tensor.name, tensor.shape, begin, position});
  }
  result.metadata = {{"format", "drover"}, {"job", to_json(origin)}};
  if (columns)
    result.metadata["table"] = to_json(*columns);
  if (names != nullptr)
    result.metadata["ratings"] = to_json(*names);
  return result;
}

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& why) {
  throw std::runtime_error("cannot use " + file.string() + " as a saved model: " + why);
}

} // namespace

void save_model(const std::filesystem::path& file, const model_snapshot& parameters, const job& origin,
                const std::optional<table_columns>& columns, const rating_names* names) {
  auto header = encode_header(header_for(parameters.layout(), origin, columns, names));
  if (header.size() > saved_header_bytes_max)
    throw std::runtime_error("cannot save " + file.string() + ": the names of " +
                             std::to_string(names == nullptr ? 0 : names->users.size() + names->items.size()) +
                             " users and items take more than 100 MiB");
  replacement_file out{file};
  auto bytes = std::bit_cast<std::array<std::byte, sizeof(header_size)>>(header_size{header.size()});
  out.write(bytes);
  out.write(std::as_bytes(std::span{header}));
  auto view = parameters.view();
  for (std::size_t tensor = 0; tensor < parameters.layout().tensors().size(); ++tensor)
    for (std::size_t slab = 0; slab < view.slabs(tensor); ++slab)
      out.write(std::as_bytes(view.slab_of(tensor, slab).values));
  out.commit();
}

void check_save_place(const std::filesystem::path& file) {
  replacement_file{file};
}

struct saved_model::content {
  input_file file;
  std::uint64_t data_first = 0; ///< byte at which the tensors begin
  saved_model_header header;
  job origin;
  std::optional<table_columns> columns;
  std::optional<rating_names> names;

  explicit content(const std::filesystem::path& place) : file(place) {
    read_header();
    auto text = header.metadata.find("job");
    if (text == header.metadata.end())
      fail(place, "it does not say by which job it was made; drover reads only models that it saved itself");
    try {
      origin = job_from_json(text->second);
    } catch (const std::invalid_argument& problem) {
      fail(place, std::string{"the job that made it cannot be read: "} + problem.what());
    }
    if (auto table = header.metadata.find("table"); table != header.metadata.end())
      try {
        columns = table_from_json(table->second);
      } catch (const std::runtime_error& problem) {
        fail(place, std::string{"what it says of the table that it was trained on cannot be used: "} + problem.what());
      }
    if (auto ratings = header.metadata.find("ratings"); ratings != header.metadata.end())
      try {
        names = ratings_from_json(ratings->second);
      } catch (const std::runtime_error& problem) {
        fail(place, std::string{"what it says of users and items cannot be used: "} + problem.what());
      }
  }

  void read_header() {
    std::array<std::byte, sizeof(header_size)> bytes{};
    if (file.size() < bytes.size())
      fail(file.path(), "it has only " + std::to_string(file.size()) + " bytes");
    file.read(0, bytes);
    auto size = std::bit_cast<header_size>(bytes);
    if (size > saved_header_bytes_max)
      fail(file.path(), "it is not a safetensors file, or its header is larger than 100 MiB");
    data_first = bytes.size() + size;
    if (data_first > file.size())
      fail(file.path(), "it ends within its header: it was cut short, or is not a safetensors file");
    std::string text(size, '\0');
    file.read(bytes.size(), std::as_writable_bytes(std::span{text}));
    try {
      header = decode_header(text, file.size() - data_first);
    } catch (const std::runtime_error& problem) {
      fail(file.path(), problem.what());
    }
  }

  /// The saved tensor for one of the layout, of the same shape.
  [[nodiscard]] const saved_tensor& find(const tensor_spec& wanted) const {
    auto found = std::find_if(header.tensors.begin(), header.tensors.end(),
                              [&wanted](const saved_tensor& one) { return one.name == wanted.name; });
    if (found == header.tensors.end())
      fail(file.path(), "it has no tensor " + wanted.name + ", which the model needs");
    if (found->shape != wanted.shape)
      fail(file.path(), "tensor " + wanted.name + " has the shape " + shape_text(found->shape) +
                            ", and the model needs " + shape_text(wanted.shape));
    return *found;
  }

  void refuse_surplus(const parameter_layout& layout) const {
    for (const auto& tensor : header.tensors)
      if (std::none_of(layout.tensors().begin(), layout.tensors().end(),
                       [&tensor](const tensor_spec& one) { return one.name == tensor.name; }))
        fail(file.path(), "it has a tensor " + tensor.name + ", which the model does not");
  }
};

saved_model::saved_model(const std::filesystem::path& file) : content_(std::make_unique<content>(file)) {}
saved_model::~saved_model() = default;
saved_model::saved_model(saved_model&&) noexcept = default;
saved_model& saved_model::operator=(saved_model&&) noexcept = default;

const job& saved_model::origin() const {
  return content_->origin;
}

const table_columns* saved_model::columns() const {
  return content_->columns ? &*content_->columns : nullptr;
}

const rating_names* saved_model::names() const {
  return content_->names ? &*content_->names : nullptr;
}

model_snapshot saved_model::parameters(std::shared_ptr<const parameter_layout> layout) const {
  std::vector<const saved_tensor*> sources;
  for (const auto& tensor : layout->tensors())
    sources.push_back(&content_->find(tensor));
  content_->refuse_surplus(*layout);
  std::vector<const float*> blocks;
  std::vector<std::shared_ptr<const void>> owners;
  for (const auto& block : layout->blocks()) {
    auto values = std::make_shared<bulk>(block.size);
    std::ranges::fill(values->values(), 0.0f);
    for (const auto& slab : layout->slabs().subspan(block.slab_first, block.slab_last - block.slab_first)) {
      auto row_bytes = layout->tensors()[slab.tensor].row_size() * sizeof(float);
      content_->file.read(content_->data_first + sources[slab.tensor]->begin + slab.row_first * row_bytes,
                          std::as_writable_bytes(values->values().subspan(slab.offset - block.offset, slab.size)));
    }
    blocks.push_back(values->values().data());
    owners.push_back(std::move(values));
  }
  return {std::move(layout), std::move(blocks), std::move(owners)};
}

} // namespace drover
