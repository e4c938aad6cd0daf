#pragma once

namespace assay {

/// GMP and MPFR end the process by SIGABRT when memory runs out, as their callers cannot be told. From now on they call
/// `action` instead, which must not return; exceptions cannot pass through them.
void on_exhausted_memory(void (*action)());

}  // namespace assay
