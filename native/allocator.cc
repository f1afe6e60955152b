#include "allocator.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <mutex>

#if defined(_WIN32) || defined(__linux__)
#include <malloc.h>
#endif
#ifdef __linux__
#include <sys/mman.h>
#endif

namespace tstorch {

namespace {

constexpr size_t kAlignment = 64;  // what LibTorch's kernels expect of CPU memory
constexpr size_t kSmallLimit = 1024;
constexpr size_t kSmallBins = kSmallLimit / kAlignment;
constexpr size_t kStepsPerDoubling = 8;
// Larger blocks go straight to the system: their first touch costs little beside the work done on them.
constexpr size_t kLargestBin = size_t{1} << 27;
constexpr size_t kBins = kSmallBins + kStepsPerDoubling * 17 + 1;
constexpr uint32_t kNoBin = UINT32_MAX;
constexpr size_t kHugePage = size_t{1} << 21;
// Blocks from this size on are worth a call for their pages.
constexpr size_t kLarge = size_t{256} << 10;
// The most that is kept for reuse.
constexpr int64_t kRetainLimit = int64_t{512} << 20;

// Stands before every block.
struct alignas(kAlignment) Block {
  Block* next;
  size_t size;  // of the payload, rounded up to its bin
  uint32_t bin;
};
static_assert(sizeof(Block) == kAlignment);

class SpinLock {
 public:
  void lock() {
    while (flag_.test_and_set(std::memory_order_acquire)) {
    }
  }
  void unlock() { flag_.clear(std::memory_order_release); }

 private:
  std::atomic_flag flag_ = ATOMIC_FLAG_INIT;
};

struct alignas(kAlignment) Bin {
  SpinLock lock;
  Block* top = nullptr;
};

Bin bins[kBins];
std::atomic<int64_t> live_bytes{0};
std::atomic<int64_t> peak_bytes{0};
std::atomic<int64_t> retained_bytes{0};
thread_local int64_t net_bytes = 0;

// The bin of a request and the size that its blocks have: multiples of 64 up to 1 KB, then eight steps for each
// doubling, so that at most an eighth is wasted.
uint32_t bin_of(size_t bytes, size_t& size) {
  if (bytes <= kSmallLimit) {
    size_t index = (bytes + kAlignment - 1) / kAlignment;
    size = index * kAlignment;
    return static_cast<uint32_t>(index - 1);
  }
  if (bytes > kLargestBin) {
    size = bytes;
    return kNoBin;
  }
  // 2^power < bytes <= 2^(power + 1)
  int power = std::bit_width(bytes - 1) - 1;
  size_t step = (size_t{1} << power) / kStepsPerDoubling;
  size_t steps = (bytes - (size_t{1} << power) + step - 1) / step;  // 1 … 8
  size = (size_t{1} << power) + steps * step;
  return static_cast<uint32_t>(kSmallBins + (power - 10) * kStepsPerDoubling + steps - 1);
}

#ifdef __linux__
// Where Linux leaves it to programs (`madvise`, the usual setting): fewer faults at the first touch, and fewer misses in
// the table of pages when blocks take turns. A page may be shared with what stands before or behind the block.
void ask_for_huge_pages(void* memory, size_t size) {
  auto first = reinterpret_cast<uintptr_t>(memory) / kHugePage * kHugePage;
  auto end = (reinterpret_cast<uintptr_t>(memory) + size + kHugePage - 1) / kHugePage * kHugePage;
  madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
}
#endif

Block* system_allocate(size_t size) {
#ifdef _WIN32
  return static_cast<Block*>(_aligned_malloc(sizeof(Block) + size, kAlignment));
#else
  void* memory = nullptr;
  if (posix_memalign(&memory, kAlignment, sizeof(Block) + size) != 0) return nullptr;
#ifdef __linux__
  if (size >= kLarge) ask_for_huge_pages(memory, sizeof(Block) + size);
#endif
  return static_cast<Block*>(memory);
#endif
}

void system_free(Block* block) {
#ifdef _WIN32
  _aligned_free(block);
#else
  std::free(block);
#endif
}

void free_block(void* data) {
  if (data == nullptr) return;
  Block* block = static_cast<Block*>(data) - 1;
  auto size = static_cast<int64_t>(block->size);
  live_bytes.fetch_sub(size, std::memory_order_relaxed);
  net_bytes -= size;
  if (block->bin == kNoBin || retained_bytes.load(std::memory_order_relaxed) + size > kRetainLimit) {
    system_free(block);
    return;
  }
  retained_bytes.fetch_add(size, std::memory_order_relaxed);
  Bin& bin = bins[block->bin];
  std::lock_guard guard(bin.lock);
  block->next = bin.top;
  bin.top = block;
}

class WarmBlockAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    if (bytes == 0) return {nullptr, nullptr, free_block, c10::Device(c10::DeviceType::CPU)};
    TORCH_CHECK_WITH(
        OutOfMemoryError, static_cast<int64_t>(bytes) > 0 && bytes < (size_t{1} << 48),
        "DefaultCPUAllocator: can't allocate memory: you tried to allocate ", bytes, " bytes.");
    size_t size = 0;
    uint32_t index = bin_of(bytes, size);
    Block* block = nullptr;
    if (index != kNoBin) {
      Bin& bin = bins[index];
      std::lock_guard guard(bin.lock);
      block = bin.top;
      if (block != nullptr) bin.top = block->next;
    }
    if (block != nullptr) {
      retained_bytes.fetch_sub(static_cast<int64_t>(size), std::memory_order_relaxed);
    } else {
      block = system_allocate(size);
      if (block == nullptr) {
        release_retained_blocks();
        block = system_allocate(size);
      }
      TORCH_CHECK_WITH(
          OutOfMemoryError, block != nullptr,
          "DefaultCPUAllocator: can't allocate memory: you tried to allocate ", bytes, " bytes.");
      block->size = size;
      block->bin = index;
    }
    net_bytes += static_cast<int64_t>(size);
    int64_t live = live_bytes.fetch_add(static_cast<int64_t>(size), std::memory_order_relaxed) + static_cast<int64_t>(size);
    if (live > peak_bytes.load(std::memory_order_relaxed)) peak_bytes.store(live, std::memory_order_relaxed);
    void* data = block + 1;
    return {data, data, free_block, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return free_block; }

  void copy_data(void* to, const void* from, std::size_t count) const override { default_copy_data(to, from, count); }
};

}  // namespace

void install_cpu_allocator() {
  static std::once_flag once;
  std::call_once(once, [] {
#ifdef __GLIBC__
    // LibTorch's own objects come from malloc. A collection frees many at once, which glibc would give back to the
    // system, to ask for them again right after and have each page cleared.
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 4 << 20);
    // What glibc's own adapting would arrive at; setting anything switches that off.
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_MXFAST, 160);
#endif
    // Never destroyed: blocks can be freed while the process is ending.
    c10::SetCPUAllocator(new WarmBlockAllocator, /*priority=*/1);
  });
}

AllocatorStats cpu_allocator_stats() { return {live_bytes.load(), peak_bytes.load(), retained_bytes.load()}; }

void reset_peak_cpu_bytes() { peak_bytes.store(live_bytes.load()); }

void release_retained_blocks() {
  for (Bin& bin : bins) {
    Block* block;
    {
      std::lock_guard guard(bin.lock);
      block = std::exchange(bin.top, nullptr);
    }
    while (block != nullptr) {
      Block* next = block->next;
      retained_bytes.fetch_sub(static_cast<int64_t>(block->size), std::memory_order_relaxed);
      system_free(block);
      block = next;
    }
  }
}

int64_t thread_net_bytes() { return net_bytes; }

void add_thread_net_bytes(int64_t bytes) { net_bytes += bytes; }

}  // namespace tstorch
