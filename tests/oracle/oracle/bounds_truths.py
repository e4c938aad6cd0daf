"""What every bound of `assay bounds` is at a setting {option: text}."""
import gmpy2
from gmpy2 import exp, log, log1p, mpfr, sqrt

from .closed_forms import Forms
from .numbers import INF, TINY, Truth, about
from .tails import erfc


def forms_of(setting):
    return Forms(setting["n"], setting["d"], setting["sigma"], setting["delta"], setting["epsilon"], setting["radius"], setting["lambda"],
                 None, setting.get("set"))


def truths(setting, with_consistent=True):
    """{name: truth}, None for what is not defined. Without C_consistent_min it is a hundred times faster."""
    forms = forms_of(setting)
    score = forms.score(setting.get("rkhs-radius"), setting.get("early-stopping", "0"))
    horizon = forms.horizon()
    result = {"B": about(forms.B()), "R_perturbation_max": about(forms.constant("e1.radius_max")),
              "perturbation_bound": about(forms.perturbation_bound()), "R_convex": about(forms.convex_radius()), "m": about(forms.width()),
              "eta": about(forms.eta()), "D": about(forms.movement()), "m_break": break_width(forms), "A_RH": about(score["A"]),
              "T_hat": about(horizon), "Gamma_delta": None if score["Gamma"] is None else about(score["Gamma"]),
              "score_bound": None if score["total"] is None else about(score["total"])}
    if with_consistent:
        result["C_consistent_min"] = consistent(forms)
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
    tail = erfc(x)
    if tail <= TINY:  # the range of exponents ends there, for the width too: by logarithms, DLMF 7.12.1
        series = 1 - 1 / (2 * x ** 2) + 3 / (4 * x ** 4) - 15 / (8 * x ** 6)
        log_width = (log(forms.constant("e3.multiplier") * (forms.samples * forms.log_term() / forms.lam) ** 2)
                     + forms.constant("e3.exponent") * forms.B(C))
        excess = log_width + log(mpfr(rows) / 2) - x ** 2 + log(series / (x * sqrt(gmpy2.const_pi()))) - log(-log1p(-forms.delta))
        return -log1p(-forms.delta) * (exp(min(excess, mpfr(1))) - 1)
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
