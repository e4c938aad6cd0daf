#include "diffusion/sampling.hpp"

#include <doctest/doctest.h>
