#include "diffusion/process.hpp"

#include <doctest/doctest.h>
