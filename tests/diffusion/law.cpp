#include "diffusion/law.hpp"

#include <doctest/doctest.h>
