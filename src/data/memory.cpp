#include "data/memory.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <limits>

#include "data/message.hpp"

namespace assay {

double physical_memory() {
  const long pages = sysconf(_SC_PHYS_PAGES), bytes = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || bytes <= 0) return std::numeric_limits<double>::infinity();
  return static_cast<double>(pages) * static_cast<double>(bytes);
}

FieldText out_of_memory(const Instance& instance) {
  const Eigen::Index entries = instance.n() * instance.d();
  const double gibibytes = 8 * static_cast<double>(entries) * static_cast<double>(entries) / 0x1p30;
  return FieldText(fmt::format("out of memory: the kernel of this instance is {} ({:.2g} GiB as doubles, more in the "
                               "deep tier) and its weights are {}: expected fewer samples, outputs, neurons or ",
                               shape_text(entries, entries), gibibytes, shape_text(instance.m(), instance.d_in())),
                   field::bits);
}

}  // namespace assay
