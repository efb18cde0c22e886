#include "drover/messages/bulk.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <vector>

namespace drover {

namespace {

std::size_t padded_bytes(std::size_t count) {
  auto bytes = std::max<std::size_t>(count * sizeof(float), 1);
  return (bytes + bulk::alignment - 1) / bulk::alignment * bulk::alignment;
}

} // namespace

bulk::bulk(std::size_t count) : count_(count) {
  auto bytes = padded_bytes(count);
  data_ = static_cast<float*>(::operator new (bytes, std::align_val_t{alignment}));
  auto used = count * sizeof(float);
  std::memset(reinterpret_cast<std::byte*>(data_) + used, 0, bytes - used);
}

bulk::~bulk() {
  ::operator delete (data_, std::align_val_t{alignment});
}

struct bulk_pool::shelf {
  std::mutex mutex;
  std::size_t kept_max = 0;
  std::size_t kept = 0;
  std::map<std::size_t, std::vector<std::unique_ptr<bulk>>> pieces;

  std::unique_ptr<bulk> find(std::size_t count) {
    std::lock_guard lock{mutex};
    auto found = pieces.find(count);
    if (found == pieces.end() || found->second.empty())
      return nullptr;
    auto piece = std::move(found->second.back());
    found->second.pop_back();
    --kept;
    return piece;
  }

  void put_back(std::unique_ptr<bulk> piece) {
    std::lock_guard lock{mutex};
    if (kept == kept_max)
      return;
    ++kept;
    pieces[piece->size()].push_back(std::move(piece));
  }
};

bulk_pool::bulk_pool(std::size_t kept_max) : shelf_(std::make_shared<shelf>()) {
  shelf_->kept_max = kept_max;
}

std::shared_ptr<bulk> bulk_pool::take(std::size_t count) {
  auto piece = shelf_->find(count);
  if (!piece)
    piece = std::make_unique<bulk>(count);
  return {piece.release(), [home = std::weak_ptr{shelf_}](bulk* used) {
            std::unique_ptr<bulk> owned{used};
            if (auto shelf = home.lock())
              shelf->put_back(std::move(owned));
          }};
}

} // namespace drover
