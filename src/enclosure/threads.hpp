#pragma once

#include <functional>

namespace assay {

/// Runs `work` on the calling thread and, at the same time, on up to `threads` - 1 others; on fewer where the system
/// has no more threads to give, so `work` must share out what there is to do by itself. Every thread first makes sure
/// that its arithmetic is sound (require_sound_environment).
///
/// The first exception is rethrown once all threads have ended; `failed`, if given, is called as soon as there is one,
/// by the thread that threw.
void run_on_threads(long threads, const std::function<void()>& work, const std::function<void()>& failed = {});

}  // namespace assay
