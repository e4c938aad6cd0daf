#include "enclosure/exhausted_memory.hpp"

#include <gmp.h>

#include <atomic>
#include <cstdlib>

namespace assay {
namespace {

std::atomic<void (*)()> action_when_exhausted{nullptr};

void* checked(void* memory) {
  if (memory != nullptr) return memory;
  action_when_exhausted.load()();
  std::abort();  // it must not return
}

void* allocate(std::size_t bytes) {
  return checked(std::malloc(bytes));
}
void* reallocate(void* memory, std::size_t, std::size_t bytes) {
  return checked(std::realloc(memory, bytes));
}
void release(void* memory, std::size_t) {
  std::free(memory);
}

}  // namespace

void on_exhausted_memory(void (*action)()) {
  action_when_exhausted = action;
  mp_set_memory_functions(allocate, reallocate, release);
}

}  // namespace assay
