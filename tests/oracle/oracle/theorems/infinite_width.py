"""K_inf, how far H(0) is from I_d (x) K_inf, and the widths from which bounds speak.

    t(m, delta) = (s + sqrt(d) max|K| u^2) / (1 - tau)^2,  M = m/2
    s^2 = v / (0.9 delta M),  u^2 = sum (kappa_ii - 1) / (0.05 delta M),  tau^2 = 2 max kappa_ii log(n / 0.05 delta) / M
"""
import random

import gmpy2
from gmpy2 import mpfr, exp, log, sqrt

from .. import draw, eigen, limits, shared, tails
from ..numbers import INF, Truth, about, exactly, hull, precision, rational, real, stable, widened
from ..search import numpy


class Concentration:
    """The closed forms at the precision at hand."""

    def __init__(self, instance):
        self.n, self.d = instance.n, instance.d
        self.delta = real(instance.delta)
        self.gram = shared.gram(instance)
        self.s2 = instance.sigma_number() ** 2
        g = self.gram
        self.kappa = [[exp(mpfr(self.s2 * v)) for v in row] for row in g]
        self.limit = limits.softmax_kernel(instance.x, instance.sigma_number())
        self.largest = max(abs(v) for row in self.limit for v in row)
        self.means = sum(gmpy2.expm1(mpfr(self.s2 * g[i][i])) for i in range(self.n))
        self.second = max(self.kappa[i][i] for i in range(self.n))
        self.variance = self._variance()
        self.log_term = log(self.n / (mpfr("0.05") * self.delta))

    def _mean(self, *factors):
        """E of a product of e_i over the listed samples."""
        powers = {}
        for i in factors:
            powers[i] = powers.get(i, 0) + 1
        return exp(mpfr(tails.log_mean_of_product(self.gram, self.s2, powers)))

    def _variance(self):
        """v: <x_i, x_j>^2 Var(a_l a_k e_i e_j - [l = k] kappa (e_i + e_j - 1)), summed over all entries."""
        total = mpfr(0)
        E = self._mean
        for i in range(self.n):
            for j in range(self.n):
                if self.gram[i][j] == 0:
                    continue
                k = self.kappa[i][j]
                square = E(i, i, j, j)
                centred = (square - 2 * k * (E(i, i, j) + E(i, j, j) - E(i, j))
                           + k * k * (E(i, i) + E(j, j) + 2 * E(i, j) + 1 - 2 - 2))
                total += mpfr(self.gram[i][j] ** 2) * (self.d * centred + self.d * (self.d - 1) * square)
        return total

    def distance(self, m):
        """t(m, delta); INF where m is too small."""
        M = mpfr(m) / 2
        tau = sqrt(2 * self.second * self.log_term / M)
        if tau >= 1:
            return INF
        s = sqrt(max(self.variance, mpfr(0)) / (mpfr("0.9") * self.delta * M))
        u2 = self.means / (mpfr("0.05") * self.delta * M)
        return (s + sqrt(mpfr(self.d)) * self.largest * u2) / (1 - tau) ** 2

    def always(self, m):
        """What holds at every W: m d |XX'|_F + sqrt(d) |K|_F."""
        gram = [[mpfr(v) for v in row] for row in self.gram]
        return m * self.d * eigen.frobenius(gram) + sqrt(mpfr(self.d)) * eigen.frobenius(self.limit)

    def least_width(self, target):
        """A truth of the least even m with t(m) <= target (t falls), [2^2000, inf] if it is above 2^2000."""
        low, high = 0, 1  # exponents of M, the first too small
        while self.distance(mpfr(2) ** (high + 1)) > target:
            if high >= 2000:
                return Truth(mpfr(2) ** 2000, INF)
            low, high = high, min(2 * high, 2000)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.distance(mpfr(2) ** (middle + 1)) <= target else (middle, high)
        low, high = 2 ** low if low else 0, 2 ** high
        while high - low > max(1, high >> 100):
            middle = (low + high) // 2
            low, high = (low, middle) if self.distance(2 * middle) <= target else (middle, high)
        return widened(mpfr(2 * low + 2), mpfr(2 * high))


def concentration(instance):
    """At concentration_bits."""
    def make():
        with precision(concentration_bits(instance)):
            return Concentration(instance)
    return instance.shared("concentration", make)


def concentration_bits(instance):
    """v is of second order in sigma^2 <x_i, x_i> and of the size of 1 before cancellation."""
    g, s2 = shared.gram(instance), instance.sigma_number() ** 2
    least = min([mpfr(abs(v) * s2) for row in g for v in row if v != 0] or [mpfr(1)])
    return 512 + 4 * max(0, int(-gmpy2.log2(least)))


def distance(instance):
    """|H - I_d (x) K_inf|_F at this network as a truth."""
    def value():
        h = instance.network().kernel()
        k = limits.blocks(limits.softmax_kernel(instance.x, instance.sigma_number()), instance.d)
        rows = [[a - b for a, b in zip(u, v)] for u, v in zip(h, k)]
        scale = max(h[i][i] + k[i][i] for i in range(len(h)))
        norm = eigen.frobenius(rows)
        error = scale * len(rows) * mpfr(2) ** (14 - gmpy2.get_context().precision)
        return Truth(max(norm - error, mpfr(0)), norm + error)
    return stable(value)


def drawn_distances(instance, m, trials):
    """Distances of the program's trials (seed + 1000003 (k + 1)) in plain double; None where NumPy or double do not suffice."""
    if numpy is None or m * instance.d_in * trials > 2 * 10 ** 6:
        return None
    base = instance.drawn[4] if instance.drawn else 0
    sigma = float(instance.sigma_number())
    x = numpy.array(instance.x)
    limit = numpy.array([[float(v) for v in row] for row in limits.softmax_kernel(instance.x, instance.sigma_number())])
    gram = numpy.array([[float(v) for v in row] for row in shared.gram(instance)])
    if not numpy.isfinite(limit).all():
        return None
    distances = []
    for k in range(trials):
        w, a = draw.network((base + 1000003 * (k + 1)) % 2 ** 64, sigma, m, instance.d_in, instance.d)
        distances.append(_plain_distance(x, numpy.array(w), numpy.array(a, dtype=float).T, gram, limit))
    return distances


def _plain_distance(x, w, a, gram, limit):
    with numpy.errstate(all="ignore"):
        z = x @ w.T
        s = numpy.exp(z - z.max(axis=1, keepdims=True))
        q = w.shape[0] * s / s.sum(axis=1, keepdims=True)
        g = (a[:, None, :] * q[None]).reshape(-1, w.shape[0])  # paired: p = 0
        d = a.shape[0]
        h = numpy.tile(gram, (d, d)) * (g @ g.T) / w.shape[0]
        return float(numpy.linalg.norm(h - numpy.kron(numpy.eye(d), limit)))


def check(instance, finding, report):
    shared.check_inputs_in_unit_ball(instance, finding, report)
    for name, activation in (("lambda_min_K_inf", "softmax"), ("lambda_min_K_exp", "exp"), ("lambda_min_K_relu", "relu"),
                             ("lambda_min_K_gelu", "gelu")):
        report.quantity(finding, name, shared.limit_lambda_min(instance, activation))
    for name in ("softmax_positive_by_rows", "exp_positive_by_rows", "relu_positive_by_rows", "gelu_positive_by_rows"):
        report.claim(finding, name, exactly(0), exactly(0), statement=True)
    report.quantity(finding, "distance_F", distance(instance))
    check_bound(instance, finding, report)
    check_half(instance, finding, report)


def check_bound(instance, finding, report):
    """t, its width, its rate, and the frequency."""
    c = concentration(instance)
    with precision(concentration_bits(instance)):
        t, always = c.distance(instance.m), c.always(instance.m)
        bound = min(t, always)
        report.quantity(finding, "distance_bound", about(bound))
        lam = shared.limit_lambda_min(instance)
        if lam.lo > 0:
            report.quantity(finding, "m_distance", hull(c.least_width(lam.hi / 2), c.least_width(lam.lo / 2)))
            check_rate(finding, report)
        elif lam.hi == 0:
            report.undefined(finding, "m_distance", "K_inf is singular: lambda_min(K_inf) / 2 is 0")
    check_frequency(instance, finding, report, bound)


def check_rate(finding, report):
    """t(4m) <= t(m) / 2 is true at every width at which t is finite: s and tau fall like m^{-1/2}, u^2 like 1/m. (Which width the claim was
    evaluated at is not printed.)"""
    report.claim(finding, "distance_bound_halves", statement=True)


def check_frequency(instance, finding, report, bound):
    """The same trials as the program's, counted: certainly within, certainly outside, too close for double."""
    m = max(2, min(instance.m, 1 << 18) // 2 * 2)
    if m != instance.m:
        with precision(concentration_bits(instance)):
            bound = min(concentration(instance).distance(m), concentration(instance).always(m))
    least, most = counts_within(instance, m, bound, printed_bound(instance, finding, m, bound))
    if least is None:
        return
    upper = tails.clopper_pearson(least, instance.trials, mpfr("0.001"))[1]
    found = finding.quantity("within_probability")
    if found is not None and not found.not_applicable:
        report.counts["quantities"] += 1
        lower = tails.clopper_pearson(most, instance.trials, mpfr("0.001"))[0]
        report.require(found.lo <= lower + mpfr(2) ** -150, "infinite_width: within_probability (lower end)",
                       "at most %s: %d of %d are within" % (lower, most, instance.trials), found)
        report.require(found.hi >= upper - mpfr(2) ** -150, "infinite_width: within_probability (upper end)",
                       "at least %s: %d of %d are within" % (upper, least, instance.trials), found)
    # Undecided trials may only raise the upper limit.
    report.claim(finding, "frequency_agrees", Truth(upper - mpfr(2) ** -150, mpfr(1)), about(1 - real(instance.delta)),
                 statement=True if upper > 1 - real(instance.delta) else None)


def printed_bound(instance, finding, m, bound):
    """The bound that the program may have counted with, which is at least t: what it prints if the trials have this network's width."""
    found = finding.quantity("distance_bound")
    if m != instance.m or found is None or found.not_applicable:
        return INF
    return max(bound, found.hi)


def counts_within(instance, m, bound, larger):
    """How many of the program's trials are within the bound, and how many within a larger one; None, None where plain double cannot tell."""
    with precision(concentration_bits(instance)):
        if concentration(instance).always(m) <= bound:
            return instance.trials, instance.trials  # every network is
    distances = drawn_distances(instance, m, instance.trials)
    if distances is None or bound < mpfr("1e-280"):
        return None, None
    largest = max(mpfr(shared.gram(instance)[i][i]) for i in range(instance.n))
    rounding = mpfr("1e-13") * (largest * m + concentration(instance).largest)  # of a distance in double
    if any(not abs(v - limit) > mpfr("1e-6") * limit + rounding for v in distances for limit in (bound, larger) if gmpy2.is_finite(limit)):
        return None, None
    return sum(v <= bound for v in distances), sum(v <= larger for v in distances)


def check_half(instance, finding, report):
    """From m_conc on lambda_min(H(0)) >= lambda_min(K_inf) / 2 with probability at least 1 - delta."""
    node = finding.statement("half_of_the_limit_from_m_conc")
    if node is None:
        return
    if not limits.softmax_positive(instance.x):
        ordered = "succeq" in node["statement"]
        report.require(node["verdict"] == "not_applicable" or not ordered, "infinite_width: half_of_the_limit_from_m_conc",
                       "not applicable: K_inf is singular, so only lambda_min is bounded, trivially", node["verdict"])
        return
    report.require(node["verdict"] != "fails", "infinite_width: half_of_the_limit_from_m_conc", "true at a proved width", "fails")
    found = finding.quantity("m_conc")
    if found is None or found.not_applicable or not gmpy2.is_finite(found.hi) or found.hi > 4096 or numpy is None:
        return
    m, trials = max(2, 2 * int(gmpy2.ceil(found.hi / 2))), 60
    failures, open_ones = less_than_half(instance, m, trials)
    if open_ones == trials:
        report.counts["skipped: m_conc, plain double cannot tell"] += 1
        return
    report.counts["quantities"] += 1
    lower, _ = tails.clopper_pearson(failures, trials, mpfr("1e-9"))
    report.require(lower <= rational(instance.delta), "infinite_width: m_conc", "at least %s: %d of %d networks of that width keep less than half" % (
        "more", failures, trials), found)


def less_than_half(instance, m, trials):
    """Of so many networks of width m: how many certainly have lambda_min(H) < lambda_min(K_inf) / 2, and of how many plain double cannot tell.
    Its error: that of the exponentials, of the Gram products and of the eigenvalues, all relative to the trace; and what underflows."""
    half = float(shared.limit_lambda_min(instance).lo) / 2
    x, gram = numpy.array(instance.x), numpy.array([[float(v) for v in row] for row in shared.gram(instance)])
    rng = numpy.random.default_rng(1)
    failures = open_ones = 0
    with numpy.errstate(all="ignore"):
        for _ in range(trials):
            w = numpy.repeat(rng.normal(0, float(instance.sigma_number()), (m // 2, instance.d_in)), 2, axis=0)
            a = rng.choice([-1.0, 1.0], (instance.d, m // 2))
            a = numpy.repeat(a, 2, axis=1) * numpy.tile([1.0, -1.0], m // 2)
            z = x @ w.T
            s = numpy.exp(z - z.max(axis=1, keepdims=True))
            q = m * s / s.sum(axis=1, keepdims=True)
            g = (a[:, None, :] * q[None]).reshape(-1, m)
            h = numpy.tile(gram, (instance.d, instance.d)) * (g @ g.T) / m
            if not numpy.isfinite(h).all():
                return 0, trials
            error = (1e-12 + 1e-15 * (m + numpy.abs(z).max())) * numpy.trace(h) * len(h) + 1e-300
            least = numpy.linalg.eigvalsh(h)[0]
            failures += least + error < half
            open_ones += abs(least - half) <= error
    return int(failures), int(open_ones)
