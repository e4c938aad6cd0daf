"""Gaussian and binomial tails."""
import gmpy2
from gmpy2 import mpfr, exp, log, log1p, expm1, sqrt

from .numbers import BITS, TINY, Truth, about, bits_now, precision


def erfc(x):
    """The complementary error function, never 0: MPFR's is slow, and 0, where its argument is large, so there the asymptotic series
    e^{-x^2} / (x sqrt(pi)) sum_k (-1)^k (2k-1)!! / (2x^2)^k, whose error is below its first omitted term."""
    bits = bits_now()
    if x < 1 or x * x < mpfr("0.7") * bits + 20:
        return gmpy2.erfc(x)
    if x * x > mpfr(7) * 10 ** 8:
        return TINY
    with precision(bits + 80):
        total, term, square, k = mpfr(1), mpfr(1), 2 * x * x, 1
        while abs(term) > mpfr(2) ** (-bits - 20):
            term = -term * (2 * k - 1) / square
            total += term
            k += 1
        value = exp(-x * x) / (x * sqrt(gmpy2.const_pi())) * total
    return +value


def gaussian_tail(bound, deviation):
    """P(|g| > bound), g ~ N(0, deviation^2)."""
    return mpfr(0) if deviation == 0 else erfc(bound / (deviation * sqrt(mpfr(2))))


def both_exceed(b1, b2, rho, nodes=160):
    """P(|g1| > b1, |g2| > b2) for standard normal g1, g2 of correlation rho, |rho| < 1, as (value, error) by the trapezoidal rule on
    g1 = b1 + e^{s}: fast decay at both ends."""
    with precision(100):
        return _both_exceed(mpfr(b1), mpfr(b2), mpfr(rho), nodes)


def _both_exceed(b1, b2, rho, nodes):
    scale = sqrt((1 - rho) * (1 + rho) * 2)
    root_two_pi = sqrt(2 * gmpy2.const_pi())

    def rule(count):
        total = mpfr(0)
        low, high = mpfr(-40), log(mpfr(20) + 14 / max(b1, mpfr(1)) * 14)
        step = (high - low) / count
        for k in range(count + 1):
            t = exp(low + k * step)
            g = b1 + t
            density = exp(-g * g / 2) / root_two_pi
            total += t * density * (erfc((b2 - rho * g) / scale) + erfc((b2 + rho * g) / scale))
        return total * step  # twice a half

    fine, coarse = rule(nodes), rule(nodes // 2)
    return fine, abs(fine - coarse)


def some_row_exceeds(gram, sigma, bound):
    """P(|<w, x_i>| > bound for some i), w ~ N(0, sigma^2 I), as a truth: from exact rational <x_i, x_j>.

    One direction: the largest pi_i exactly. Else Bonferroni with exact pairs below, and pi_1 + sum of (pi_i - max_j P_ij) (Hunter) above.
    """
    n = len(gram)
    keep = []
    for i in range(n):  # of parallel rows the longest decides
        if gram[i][i] == 0:
            continue
        dominated = False
        for j in range(n):
            if j != i and gram[j][j] != 0 and gram[i][j] ** 2 == gram[i][i] * gram[j][j]:
                dominated |= gram[j][j] > gram[i][i] or (gram[j][j] == gram[i][i] and j < i)
        if not dominated:
            keep.append(i)
    if not keep:
        return about(0)
    lengths = {i: sqrt(mpfr(gram[i][i])) for i in keep}
    single = {i: gaussian_tail(bound, sigma * lengths[i]) for i in keep}
    if max(single.values()) <= TINY:
        return Truth(mpfr(0), TINY * len(keep))
    if len(keep) == 1:
        return about(single[keep[0]])
    pairs = {}
    for a in range(len(keep)):
        for b in range(a):
            i, j = keep[a], keep[b]
            rho = mpfr(gram[i][j]) / (lengths[i] * lengths[j])
            rough = sum(gaussian_tail(2 * bound, sigma * sqrt(mpfr(gram[i][i] + 2 * s * gram[i][j] + gram[j][j]))) for s in (1, -1))
            if rough < max(single.values()) * mpfr(2) ** -50:  # |<w, x_i>|, |<w, x_j>| > b makes |<w, x_i + x_j>| or |<w, x_i - x_j>| > 2b
                pairs[i, j] = pairs[j, i] = Truth(mpfr(0), about(rough).hi)
                continue
            value, error = both_exceed(bound / (sigma * lengths[i]), bound / (sigma * lengths[j]), rho)
            error += value * mpfr(2) ** -40
            pairs[i, j] = pairs[j, i] = Truth(max(value - error, mpfr(0)), min(value + error, single[i], single[j]))
    ones = [about(single[i]) if single[i] > TINY else Truth(mpfr(0), TINY) for i in keep]
    above = ones[0].hi
    for a in range(1, len(keep)):
        above += ones[a].hi - max(pairs[keep[a], keep[b]].lo for b in range(a))
    below = max(t.lo for t in ones)
    bonferroni = sum(t.lo for t in ones) - sum(pairs[keep[a], keep[b]].hi for a in range(len(keep)) for b in range(a))
    return Truth(max(below, bonferroni), min(above, mpfr(1)))


def in_some_trial(p, trials):
    """1 - (1 - p)^trials for a truth p and a number of trials."""
    def value(v):
        return mpfr(1) if v >= 1 and trials > 0 else -expm1(trials * log1p(-v))
    lo, hi = about(value(p.lo)), about(value(p.hi))
    return Truth(lo.lo, hi.hi)


def trials_until(p, delta):
    """log(1 - delta) / log(1 - p) for a truth p."""
    def value(v):
        return mpfr(0) if v >= 1 else log1p(-delta) / log1p(-v)
    return Truth(about(value(max(p.hi, TINY))).lo, about(value(p.lo)).hi if p.lo > TINY else mpfr("inf"))


def binomial_cdf(k, n, p):
    """P(Bin(n, p) <= k) by summing."""
    return gmpy2.fsum([gmpy2.bincoef(n, j) * p ** j * (1 - p) ** (n - j) for j in range(k + 1)])


def clopper_pearson(successes, trials, alpha):
    """Exact two-sided limits at confidence 1 - alpha: (lower, upper), by bisection on the binomial distribution."""
    half = mpfr(alpha) / 2

    def root(above):
        lo, hi = mpfr(0), mpfr(1)
        for _ in range(200):
            middle = (lo + hi) / 2
            lo, hi = (lo, middle) if above(middle) else (middle, hi)
        return (lo + hi) / 2

    lower = mpfr(0) if successes == 0 else root(lambda p: 1 - binomial_cdf(successes - 1, trials, p) >= half)
    upper = mpfr(1) if successes == trials else root(lambda p: binomial_cdf(successes, trials, p) <= half)
    return lower, upper


def log_mean_of_product(gram, sigma_squared, powers):
    """log E prod_i e_i^{k_i}, e_i = exp(<w, x_i> - sigma^2 |x_i|^2 / 2): sigma^2/2 (|sum k_i x_i|^2 - sum k_i |x_i|^2), exact rational."""
    total = 0
    for i, ki in powers.items():
        for j, kj in powers.items():
            total += ki * kj * gram[i][j]
        total -= ki * gram[i][i]
    return sigma_squared * total / 2
