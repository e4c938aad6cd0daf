"""assay bounds: closed forms at random hyperparameters."""
import gmpy2
from gmpy2 import mpfr

from . import bounds_inverse, bounds_table, instances, run
from .bounds_truths import truths
from .numbers import INF, Truth, parse_found


def check_one(program, setting, report):
    answer = run.bounds(program, setting)
    report.command = answer.line()
    report.instance = "bounds"
    report.counts["settings of bounds"] += 1
    if answer.json is None:
        report.discrepancy("bounds: no values", "values", "exit status %s: %s" % (answer.status, answer.error[-300:]))
        return
    for name, truth in truths(setting).items():
        if name not in answer.json["bounds"]:
            report.discrepancy("bounds: " + name, "a value", "missing")
            continue
        found = parse_found(answer.json["bounds"][name])
        if name == "C_consistent_min":
            one, all_rows = truth
            report.number("bounds: %s (lower end)" % name, found, Truth(-INF, max(one.hi, all_rows.hi)))
            report.number("bounds: %s (upper end)" % name, found, Truth(min(one.lo, all_rows.lo), INF))
            if found.lo > 0:  # a contradiction there
                report.require(found.lo <= one.hi, "bounds: C_consistent_min (lower end)", "at most %s" % one.hi, found)
            if gmpy2.is_finite(found.hi):
                report.require(found.hi >= all_rows.lo, "bounds: C_consistent_min (upper end)", "at least %s" % all_rows.lo, found)
        elif truth is None:
            empty = found.not_applicable or (gmpy2.is_infinite(found.lo) and gmpy2.is_infinite(found.hi) and found.lo != found.hi)
            report.counts["quantities"] += 1
            if not empty:
                report.discrepancy("bounds: " + name, "not applicable (undefined here)", found)
        else:
            report.number("bounds: " + name, found, truth)
    report.require(answer.status == 0, "bounds: exit status", 0, answer.status)


def check_many(program, rng, count, report):
    for k in range(count):
        check_one(program, instances.bounds_setting(rng), report)
        if k % 5 == 0:
            bounds_table.check_one(program, rng, report)
        bounds_inverse.check_one(program, rng, report)
