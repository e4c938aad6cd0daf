#include "enclosure/fast/kernels.hpp"

#include <stdexcept>

namespace assay::fast {

namespace {

namespace portable {
#define ASSAY_LANES 2
#include "enclosure/fast/kernels.inc"
#undef ASSAY_LANES
}  // namespace portable

// All functions up to the next ASSAY_END_TARGET are compiled for the named instructions.
#if defined(__clang__)
#define ASSAY_PRAGMA(text) _Pragma(#text)
#define ASSAY_BEGIN_TARGET(names) \
  ASSAY_PRAGMA(clang attribute push(__attribute__((target(names))), apply_to = function))
#define ASSAY_END_TARGET ASSAY_PRAGMA(clang attribute pop)
#else
#define ASSAY_PRAGMA(text) _Pragma(#text)
#define ASSAY_BEGIN_TARGET(names) ASSAY_PRAGMA(GCC push_options) ASSAY_PRAGMA(GCC target(names))
#define ASSAY_END_TARGET ASSAY_PRAGMA(GCC pop_options)
#endif

#if defined(__x86_64__)
ASSAY_BEGIN_TARGET("avx2,fma")
namespace avx2 {
#define ASSAY_LANES 4
#include "enclosure/fast/kernels.inc"
#undef ASSAY_LANES
}  // namespace avx2
ASSAY_END_TARGET

ASSAY_BEGIN_TARGET("avx512f,avx512dq,avx512vl,fma")
namespace avx512 {
#define ASSAY_LANES 8
#include "enclosure/fast/kernels.inc"
#undef ASSAY_LANES
}  // namespace avx512
ASSAY_END_TARGET
#else
namespace avx2 = portable;
namespace avx512 = portable;
#endif

InstructionSet best_available() {
  if (is_available(InstructionSet::avx512)) return InstructionSet::avx512;
  return is_available(InstructionSet::avx2) ? InstructionSet::avx2 : InstructionSet::portable;
}

InstructionSet& chosen() {
  static InstructionSet set = best_available();
  return set;
}

}  // namespace

bool is_available(InstructionSet set) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (set == InstructionSet::avx512)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
  if (set == InstructionSet::avx2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  return set == InstructionSet::portable;
}

InstructionSet instruction_set() {
  return chosen();
}

void choose_instruction_set(InstructionSet set) {
  if (!is_available(set)) throw std::invalid_argument("choose_instruction_set: this processor does not have it");
  chosen() = set;
}

// The loops of the chosen instruction set.
#define ASSAY_DISPATCH(call)       \
  switch (chosen()) {              \
    case InstructionSet::avx512:   \
      return avx512::call;         \
    case InstructionSet::avx2:     \
      return avx2::call;           \
    case InstructionSet::portable: \
      break;                       \
  }                                \
  return portable::call

void scaled_exp(const double* z, double* y, std::size_t count, long shift) {
  ASSAY_DISPATCH(scaled_exp(z, y, count, shift));
}

void products_of_rows(const double* a, std::size_t lda, std::size_t rows_a, const double* b, std::size_t ldb,
                      std::size_t rows_b, std::size_t count, double* c, std::size_t ldc) {
  ASSAY_DISPATCH(products_of_rows(a, lda, rows_a, b, ldb, rows_b, count, c, ldc));
}

void subtract_products(const ProductPairs& pairs, std::size_t rows, std::size_t columns, double* c, std::size_t ldc) {
  ASSAY_DISPATCH(subtract_products(pairs, rows, columns, c, ldc));
}

void carry(double* digits, std::size_t stride, std::size_t planes, std::size_t count) {
  ASSAY_DISPATCH(carry(digits, stride, planes, count));
}

void combine_rows(const double* x, std::size_t terms, const double* w, std::size_t ldw, std::size_t count, double* z) {
  ASSAY_DISPATCH(combine_rows(x, terms, w, ldw, count, z));
}

double sum(const double* y, std::size_t count) {
  ASSAY_DISPATCH(sum(y, count));
}

Extremes extremes(const double* y, std::size_t count) {
  ASSAY_DISPATCH(extremes(y, count));
}

}  // namespace assay::fast
