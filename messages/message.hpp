#pragma once

#include "drover/messages/frame.hpp"

#include <capnp/message.h>
#include <capnp/orphan.h>

#include <memory>
#include <utility>
#include <vector>

namespace drover {

/// Opens a message for reading: `message.read()->getClock()`. Lives on the reader's stack; the root and all that is
/// read from it are valid as long as this object.
template <class T>
class message_view {
public:
  /// Pointers are followed at most so deep, so that a hostile message cannot exhaust the stack.
  static constexpr int nesting_max = 16;

  explicit message_view(std::shared_ptr<const frame> source)
      : frame_(std::move(source)), segments_(arrays(*frame_)),
        reader_(kj::ArrayPtr<const kj::ArrayPtr<const capnp::word>>(segments_.data(), segments_.size()),
                limits(*frame_)),
        root_(reader_.template getRoot<T>()) {}
  message_view(const message_view&) = delete;
  message_view& operator=(const message_view&) = delete;

  typename T::Reader operator*() const { return root_; }
  const typename T::Reader* operator->() const { return &root_; }

private:
  static std::vector<kj::ArrayPtr<const capnp::word>> arrays(const frame& source) {
    std::vector<kj::ArrayPtr<const capnp::word>> result;
    result.reserve(source.segments().size());
    for (auto segment : source.segments())
      result.emplace_back(segment.data(), segment.size());
    return result;
  }

  // A list that is pointed at from many places makes a small message read as a huge one: allow each word a few times
  // over.
  static capnp::ReaderOptions limits(const frame& source) {
    capnp::ReaderOptions options;
    options.traversalLimitInWords = 8 * source.bytes() / sizeof(capnp::word) + 1024;
    options.nestingLimit = nesting_max;
    return options;
  }

  std::shared_ptr<const frame> frame_;
  std::vector<kj::ArrayPtr<const capnp::word>> segments_;
  mutable capnp::SegmentArrayMessageReader reader_;
  typename T::Reader root_;
};

/// One immutable Cap'n Proto message with root struct T. Copies share its memory; any thread may read.
/// A default-made message is empty and must not be read.
template <class T>
class message {
public:
  using root_type = T;

  message() = default;
  explicit message(std::shared_ptr<const frame> segments) : frame_(std::move(segments)) {}

  /// Throws kj::Exception where the bytes are not a T.
  [[nodiscard]] message_view<T> read() const { return message_view<T>{frame_}; }

  [[nodiscard]] bool empty() const { return frame_ == nullptr; }
  [[nodiscard]] const frame& segments() const { return *frame_; }
  [[nodiscard]] const std::shared_ptr<const frame>& shared_segments() const { return frame_; }

private:
  std::shared_ptr<const frame> frame_;
};

/// Builds one message: fill in `root()`, then `finish()` once.
template <class T>
class message_builder {
public:
  message_builder() : arena_(std::make_shared<capnp::MallocMessageBuilder>(first_segment_words)) {
    root_ = arena_->template initRoot<T>();
  }
  /// Begins with a copy of `source`.
  explicit message_builder(typename T::Reader source)
      : arena_(std::make_shared<capnp::MallocMessageBuilder>(first_segment_words)) {
    arena_->setRoot(source);
    root_ = arena_->template getRoot<T>();
  }

  [[nodiscard]] typename T::Builder root() { return root_; }
  typename T::Builder* operator->() { return &root_; }

  /// A `Data` that refers to `values` where they lie, for adoption into a field. `values` must begin at a multiple of 8
  /// bytes inside memory that `owner` keeps alive, and be followed by 0 up to the next multiple of 8.
  [[nodiscard]] capnp::Orphan<capnp::Data> refer(std::span<const float> values, std::shared_ptr<const void> owner) {
    owners_.push_back(std::move(owner));
    capnp::Data::Reader bytes{reinterpret_cast<const kj::byte*>(values.data()), values.size_bytes()};
    return arena_->getOrphanage().referenceExternalData(bytes);
  }

  /// The same for keys.
  [[nodiscard]] capnp::Orphan<capnp::Data> refer(std::span<const std::uint64_t> values,
                                                 std::shared_ptr<const void> owner) {
    owners_.push_back(std::move(owner));
    capnp::Data::Reader bytes{reinterpret_cast<const kj::byte*>(values.data()), values.size_bytes()};
    return arena_->getOrphanage().referenceExternalData(bytes);
  }

  [[nodiscard]] message<T> finish() {
    // The frame keeps the arena, and with it all that `refer` was given.
    struct parts {
      std::shared_ptr<capnp::MallocMessageBuilder> arena;
      std::vector<std::shared_ptr<const void>> owners;
    };
    auto segments = arena_->getSegmentsForOutput();
    auto keep = std::make_shared<parts>(parts{std::move(arena_), std::move(owners_)});
    auto result = std::make_shared<frame>();
    for (auto segment : segments)
      result->add({segment.begin(), segment.size()}, keep);
    return message<T>{std::move(result)};
  }

private:
  static constexpr unsigned first_segment_words = 64;

  std::shared_ptr<capnp::MallocMessageBuilder> arena_;
  typename T::Builder root_ = nullptr;
  std::vector<std::shared_ptr<const void>> owners_;
};

} // namespace drover
