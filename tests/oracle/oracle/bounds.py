"""assay bounds: closed forms at random hyperparameters."""
import gmpy2
from gmpy2 import mpfr, exp, expm1, log, log1p, sqrt

from . import instances, run
from .closed_forms import Forms
from .tails import erfc
from .numbers import BITS, INF, Truth, about, at_least, parse_found, precision, real


def forms_of(setting):
    return Forms(setting["n"], setting["d"], setting["sigma"], setting["delta"], setting["epsilon"], setting["radius"], setting["lambda"],
                 None, setting.get("set"))


def truths(setting):
    """{name: truth}, None for what is not defined."""
    forms = forms_of(setting)
    score = forms.score(setting.get("rkhs-radius"), setting.get("early-stopping", "0"))
    horizon = forms.horizon()
    result = {"B": about(forms.B()), "R_perturbation_max": about(forms.constant("e1.radius_max")),
              "perturbation_bound": about(forms.perturbation_bound()), "R_convex": about(forms.convex_radius()), "m": about(forms.width()),
              "eta": about(forms.eta()), "D": about(forms.movement()), "m_break": break_width(forms), "A_RH": about(score["A"]),
              "T_hat": about(horizon), "Gamma_delta": None if score["Gamma"] is None else about(score["Gamma"]),
              "score_bound": None if score["total"] is None else about(score["total"]), "C_consistent_min": consistent(forms)}
    if horizon < 0:
        result["T_hat"] = Truth(about(horizon).lo, mpfr(0))  # negative: 0 steps suffice
    return result


def break_width(forms):
    """2 log(1 - delta) / log(1 - tail) as a truth; only a lower bound where the tail is below the range of exponents."""
    width = forms.break_width()
    return about(width) if gmpy2.is_finite(width) else Truth(mpfr(10) ** 1000, INF)


def expected_failures(forms, C, rows):
    """m(C)/2 times -log(1 - pi), less -log(1 - delta), pi the failure of one weight vector for one row (rows = 1) or n orthogonal ones."""
    x = forms.B(C) / (forms.sigma * sqrt(mpfr(2)))
    if x * x > mpfr(7) * 10 ** 8:  # beyond the exponents: by logarithms, erfc(x) = e^{-x^2} / (x sqrt(pi)) but for 1/(2x^2)
        value = forms.log_width(C) - log(mpfr(2)) - x * x - log(x * sqrt(gmpy2.const_pi())) + log(mpfr(rows))
        return mpfr(1) if value > log(-log1p(-forms.delta)) else mpfr(-1)
    tail = erfc(x)
    hazard = INF if tail >= 1 else -log1p(-tail)
    return forms.width(C) / 2 * hazard * rows + log1p(-forms.delta)


def consistent(forms):
    """What is certain of C_consistent_min: at the lower end one row contradicts itself, at the upper end n rows do not. As a truth for the
    *interval* printed: it must contain the crossing of one row (below) and of n rows (above), both past the peak."""
    floor, root = forms.constant("e0.floor"), forms.sigma * sqrt(forms.log_term())
    peak = max(forms.constant("e3.exponent") * forms.sigma ** 2, floor) / root  # from there on m(C) times the tail falls

    def crossing(rows):
        if expected_failures(forms, peak, rows) <= 0:
            return Truth(mpfr(0), peak)
        low, high = peak, 2 * peak
        while expected_failures(forms, high, rows) > 0 and high < mpfr(2) ** 200:
            low, high = high, 2 * high
        for _ in range(120):
            middle = (low + high) / 2
            if expected_failures(forms, middle, rows) > 0:
                low = middle
            else:
                high = middle
        return Truth(low, high)
    one, all_rows = crossing(1), crossing(forms.n)
    return one, all_rows


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
    for _ in range(count):
        check_one(program, instances.bounds_setting(rng), report)
