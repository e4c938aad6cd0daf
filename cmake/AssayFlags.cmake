# Flags of every target of ours. -ffp-contract=off: a drawn weight must be the same double on every machine, with FMA
# or without. No -ffast-math, ever: the rounding of each operation is part of a proof.
add_library(assay_flags INTERFACE)
target_compile_options(assay_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual -fPIC -ffp-contract=off -fno-fast-math
  # GCC 12 raises these falsely: inside Boost's cpp_int and std::regex; inside std::string, which precompiled is no
  # system header to it.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread>)
# What a run has left is taken over only by the same code, which these tell.
target_link_options(assay_flags INTERFACE -Wl,--build-id=sha1)
if(ASSAY_WERROR)
  target_compile_options(assay_flags INTERFACE -Werror)
endif()
if(ASSAY_SANITIZE)
  target_compile_options(assay_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined
    -fno-omit-frame-pointer)
  target_link_options(assay_flags INTERFACE -fsanitize=address,undefined)
endif()
