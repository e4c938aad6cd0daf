#pragma once

#include <new>
#include <stdexcept>

#include "data/input_error.hpp"
#include "data/instance.hpp"

namespace assay {

/// Bytes of memory that this machine has; infinity if it does not tell.
double physical_memory();

/// What grows with an instance, for the message that memory ran out: "out of memory: the kernel of this instance has
/// 20000 x 20000 entries (3.0 GiB as doubles), ...: expected fewer samples, outputs, neurons or bits".
FieldText out_of_memory(const Instance& instance);

/// Does `action`; that memory ran out becomes an InputError that says what was too large.
template <class Action>
auto with_memory_for(const Instance& instance, Action action) {
  try {
    return action();
  } catch (const std::bad_alloc&) {
    throw InputError(out_of_memory(instance));
  } catch (const std::length_error&) {
    throw InputError(out_of_memory(instance));
  }
}

}  // namespace assay
