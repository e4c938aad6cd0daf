#pragma once

// All of assay that a program outside it may use. What this header includes, however indirectly, is installed; nothing
// else is. README.md, "Using the library", has an example.

// Numbers that can be trusted.
#include "enclosure/decimal.hpp"
#include "enclosure/eigenvalue.hpp"
#include "enclosure/interval.hpp"
#include "enclosure/known.hpp"
#include "enclosure/matrix.hpp"
#include "enclosure/refine.hpp"

// Statements, theorems, and what was found about them.
#include "theory/bounds.hpp"
#include "theory/claim.hpp"
#include "theory/constants.hpp"
#include "theory/theorem.hpp"

// Data and networks.
#include "data/input_error.hpp"
#include "data/instance.hpp"
#include "network/forward.hpp"
#include "network/kernel.hpp"

// What a theorem is checked on; hypotheses that theorems share; a network of another kind.
#include "models/model.hpp"
#include "setting/evaluation.hpp"
#include "setting/hypotheses.hpp"
#include "setting/setting.hpp"

// Findings as JSON and in words.
#include "report/json.hpp"
#include "report/summary.hpp"
