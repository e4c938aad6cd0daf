"""assay bounds --vary --csv: every row is what the formulas give there, and elasticities are slopes of the formulas."""
import gmpy2
from gmpy2 import mpfr, log

from . import instances, run
from .bounds_truths import truths
from .numbers import INF, Found, Truth, parse_decimal, precision, real, widened

VALUES = {"n": ["2", "3", "17", "400"], "d": ["1", "4", "30"], "sigma": ["0.001", "0.1", "1/3", "2"], "delta": ["1e-6", "0.1", "0.7"],
          "epsilon": ["1e-3", "0.5", "50"], "lambda": ["1e-9", "0.1", "7"], "radius": ["1e-6", "0.01"]}
STEP = mpfr("1e-25")  # of a central difference, relatively; its error is about the square


def cells(row, name):
    """The two cells of a name as what was found; None where they are empty."""
    lo, hi = row[name + "_lo"], row[name + "_hi"]
    if lo == "" and hi == "":
        return None
    return Found(parse_decimal(lo, True), parse_decimal(hi, False), "enclosure", "", (lo, hi))


def slope(setting, variable, name):
    """d log(bound) / d log(variable) as a truth; None where the bound has no logarithm there."""
    with precision(600):
        at = real(setting[variable])
        values = []
        for factor in (1 - STEP, 1 + STEP):
            truth = truths(dict(setting, **{variable: "{0:.150e}".format(at * factor)}), False)[name]
            if truth is None or not truth.lo > 0 or not gmpy2.is_finite(truth.hi):
                return None
            values.append(log(truth.lo))
        value = (values[1] - values[0]) / (log(1 + STEP) - log(1 - STEP))
    return Truth(value - abs(value) * mpfr("1e-30") - mpfr("1e-30"), value + abs(value) * mpfr("1e-30") + mpfr("1e-30"))


def check_row(row, setting, variable, report):
    for name, truth in truths(setting, False).items():
        found = cells(row, name)
        if found is None:
            report.require(truth is None, "bounds --csv: " + name, "a value", "an empty cell")
            continue
        report.require(found.lo <= found.hi, "bounds --csv: %s: lo <= hi" % name, "lo <= hi", found)
        if truth is None:
            report.require(False, "bounds --csv: " + name, "an empty cell", found)
            continue
        report.number("bounds --csv: " + name, found, truth)
        if name + "_log10_lo" in row and truth.lo > 0 and gmpy2.is_finite(truth.hi):
            report.number("bounds --csv: log10 of " + name, cells(row, name + "_log10"),
                          widened(gmpy2.log10(truth.lo), gmpy2.log10(truth.hi)))
        elasticity = cells(row, "dlog_%s_dlog_%s" % (name, variable))
        expected = slope(setting, variable, name) if elasticity is not None else None
        if expected is not None:
            report.number("bounds --elasticity: %s in %s" % (name, variable), elasticity, expected)


def check_one(program, rng, report):
    setting = instances.bounds_setting(rng)
    variable = rng.choice(sorted(VALUES))
    setting.pop("rkhs-radius", None)  # a larger d would leave its range
    setting.pop(variable, None)
    answer = run.bounds_csv(program, setting, ["--vary", "%s=%s" % (variable, ",".join(VALUES[variable])), "--elasticity", variable])
    report.command = answer.line()
    report.instance = "bounds --vary"
    report.counts["tables of bounds"] += 1
    if answer.json is None:
        report.discrepancy("bounds --vary: no table", "a table", "exit status %s: %s" % (answer.status, answer.error[-300:]))
        return
    report.require(len(answer.json) == len(VALUES[variable]), "bounds --vary: rows", len(VALUES[variable]), len(answer.json))
    for row, value in zip(answer.json, VALUES[variable]):
        check_row(row, dict(setting, **{variable: value}), variable, report)
