#pragma once

#include <string>
#include <vector>

#include "report/reports.hpp"
#include "report/run_info.hpp"
#include "theory/theorem.hpp"

namespace assay {

/// Schema assay.report/1: findings with hypotheses, claims, quantities, constants and notes. Every number that was
/// enclosed is {"lo": decimal, "hi": decimal}, rounded outward.
/// @param run  written as "run" if given.
std::string findings_json(const std::vector<Finding>& findings, const RunInfo* run = nullptr);

/// Schema assay.evaluation/1.
std::string evaluation_json(const EvaluationReport& report);

/// Schema assay.bounds/1.
std::string bounds_json(const BoundsReport& report);

/// Schema assay.certificate/1.
std::string certificates_json(const std::vector<CertificateReport>& reports);

}  // namespace assay
