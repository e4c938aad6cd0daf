"""M_0: widths at which training is proved before any network is drawn, from closed lognormal moments (card of `width`).

m = 2M, e_{i,r} = exp(<w_r, x_i> - sigma^2 |x_i|^2 / 2), b_r^2 = d sum_i |x_i|^2 e_{i,r}^2, radii R_r = s b_r, s = omega e_0 / (m lambda_inf).
Six events fail with probability at most delta/16 times 1, 4, 1, 1, 4, 5. Everything here is at the precision at hand, with the exact
inverse Cholesky factor where the program has a near one: what the program proves must be provable here.
"""
from dataclasses import dataclass

from gmpy2 import exp, fsum, log, mpfr, sqrt

from . import eigen
from .tails import log_mean_of_product

OMEGAS = sorted({mpfr(k) / 100 for k in range(101, 300, 7)} | {mpfr(t) / 10 for t in (11, 12, 14, 17, 20, 25, 30, 40, 60, 100, 200)})


def cholesky(matrix):
    """L with L L' = matrix (positive definite), or None."""
    n = len(matrix)
    lower = [[mpfr(0)] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            value = matrix[i][j] - fsum([lower[i][k] * lower[j][k] for k in range(j)] or [mpfr(0)])
            if i == j:
                if not value > 0:
                    return None
                lower[i][i] = sqrt(value)
            else:
                lower[i][j] = value / lower[j][j]
    return lower


def inverse_lower(lower):
    """The inverse of a lower triangular matrix."""
    n = len(lower)
    inverse = [[mpfr(0)] * n for _ in range(n)]
    for j in range(n):
        for i in range(j, n):
            right = mpfr(1 if i == j else 0) - fsum([lower[i][k] * inverse[k][j] for k in range(j, i)] or [mpfr(0)])
            inverse[i][j] = right / lower[i][i]
    return inverse


def product(a, b):
    columns = list(zip(*b))
    return [[fsum([u * v for u, v in zip(row, column)]) for column in columns] for row in a]


@dataclass
class Conditions:
    """What holds at width m for one omega: mu <= lambda_min(H) over the ball, eta_0(m), and needed over allowed radius (<= 1: proved)."""
    mu: object
    largest_step: object
    needed: object
    radius_max: object


class SufficientWidth:
    """gram: exact rationals <x_i, x_j>; sigma: exact rational > 0; lam: lambda_min(K_inf) > 0; e0 = |Y|_F."""

    def __init__(self, gram, sigma, d, lam, e0, delta):
        self.gram, self.d, self.n = gram, d, len(gram)
        self.lam, self.e0, self.delta = mpfr(lam), mpfr(e0), mpfr(delta)
        self.square = sigma * sigma
        n, g = self.n, gram
        self.kappa = [[self._mean({i: 1, j: 1} if i != j else {i: 2}) for j in range(n)] for i in range(n)]
        self.mean_b = d * fsum([mpfr(g[i][i]) * self._mean({i: 2}) for i in range(n)])
        second, trace = [], []
        for p in range(n):
            for i in range(n):
                moment = self._mean({p: 2, i: 2} if p != i else {i: 4})
                second.append(d * d * mpfr(g[p][p] * g[i][i]) * moment)
                trace.append(second[-1] * mpfr(g[i][i]))
        self.variance_b = max(fsum(second) - self.mean_b ** 2, mpfr(0))
        self.mean_trace = fsum(trace)
        self.largest_norm = sqrt(max(mpfr(g[i][i]) for i in range(n)))
        self.largest_mean = eigen.extremes(self._mean_of_first_order())[1].hi
        total = fsum([mpfr(g[i][i]) for i in range(n)])
        self.log_b = [k * log(d * total) - log(total)
                      + log(fsum([mpfr(g[i][i]) * exp(mpfr(self.square * g[i][i] * k * (2 * k - 1))) for i in range(n)]))
                      for k in range(1, 25)]
        self.whitened = self._whitened()

    def _mean(self, powers):
        """E prod e_i^{k_i}."""
        return exp(mpfr(log_mean_of_product(self.gram, self.square, powers)))

    def _powers(self, *indices):
        powers = {}
        for i in indices:
            powers[i] = powers.get(i, 0) + 1
        return powers

    def _mean_of_first_order(self):
        """E Q_r on one output: d <x_i, x_j>^2 sum_p |x_p|^2 E e_p^2 e_i e_j."""
        n, g = self.n, self.gram
        return [[self.d * mpfr(g[i][j]) ** 2 * fsum([mpfr(g[p][p]) * self._mean(self._powers(p, p, i, j)) for p in range(n)])
                 for j in range(n)] for i in range(n)]

    def _whitened(self):
        """rho = lambda_max(E B_r^2), B_r = (I (x) S) N_r (I (x) S)', S the inverse Cholesky factor of K_inf."""
        n, g = self.n, self.gram
        limit = [[mpfr(g[i][j]) * self.kappa[i][j] for j in range(n)] for i in range(n)]
        lower = cholesky(limit)
        if lower is None:
            return mpfr("inf")
        s = inverse_lower(lower)
        p = product([list(c) for c in zip(*s)], s)
        second = [[self.d * fsum([mpfr(g[i][u] * g[v][j]) * p[u][v] * self._mean(self._powers(i, j, u, v))
                                  for u in range(n) for v in range(n)]) for j in range(n)] for i in range(n)]
        for i in range(n):
            for j in range(i):
                second[i][j] = second[j][i]
        return eigen.extremes(product(product(s, second), [list(c) for c in zip(*s)]))[1].hi

    def lower_fraction(self, m, delta):
        """c(m): with probability >= 1 - delta, lambda_min(H(0)) >= c(m) lambda_inf."""
        of_means = delta / 4
        loss = sqrt(4 * self.whitened * log(self.n * self.d / (delta - of_means)) / m)
        pairs, each, excess = m / 2, of_means / self.n, mpfr(0)
        for i in range(self.n):
            s = self.kappa[i][i]
            variance, fourth = s - 1, s ** 6 - 4 * s ** 3 + 6 * s - 3
            cantelli = sqrt(variance * (1 / each - 1) / pairs)
            markov = sqrt(sqrt((3 * variance ** 2 + fourth / pairs) / pairs ** 2 / each))
            excess = max(excess, min(cantelli, markov))
        return max((1 - loss) / (1 + excess) ** 2, mpfr(0))

    def events(self, m):
        """(1 - tau, lambda_0, A, b_max, T, Lambda)."""
        pairs, share = m / 2, self.delta / 16
        tau = sqrt(4 * max(self.kappa[i][i] for i in range(self.n)) * log(self.n / share) / m)
        largest_b = exp(min((log(pairs / share) + self.log_b[k - 1]) / (2 * k) for k in range(1, 25)))
        eighth = self.largest_norm ** 4 * exp(self.log_b[3])
        return (1 - tau, self.lower_fraction(m, 4 * share) * self.lam, self.mean_b + sqrt(self.variance_b / (pairs * share)), largest_b,
                self.mean_trace / (4 * share), self.largest_mean + sqrt(eighth / (pairs * 5 * share)))

    def at(self, m, omega, events=None):
        """Conditions at (m, omega), or None where a bound is void."""
        means, lam0, average, largest_b, trace, first = events or self.events(m)
        if not (means > 0 and lam0 > 0):
            return None
        s = omega * self.e0 / (m * self.lam)
        radius = s * largest_b
        rho = radius * self.largest_norm
        stretch = exp(rho)
        moved = s / means * min(stretch * sqrt(trace), sqrt(first) + rho * stretch * sqrt(trace) / 2)
        shifted = stretch ** 3 * s * average * sqrt(average / self.d) / means ** 2
        root = (sqrt(lam0) - moved - shifted) / stretch
        if not root > 0:
            return None
        mu, growth = root ** 2, (1 + rho) * stretch ** 2 / means
        most = growth ** 2 * average
        gamma = sqrt(mpfr(self.n)) / 2 * (1 + rho) * self.largest_norm * stretch ** 2 * most * largest_b / means  # gamma / m
        step = 1 / (m * most)
        if self.e0 > 0:
            step = min(step, mu / (100 * gamma * self.e0))
        return Conditions(mu, step, 100 * growth * self.lam / (99 * omega * mu), radius)

    def proved(self, m, slack=mpfr(0)):
        """All Conditions at m with needed / allowed <= 1 + slack, over a grid of omega."""
        m = mpfr(m)
        events = self.events(m)
        found = [self.at(m, omega, events) for omega in OMEGAS]
        return [c for c in found if c is not None and c.needed <= 1 + slack]

    def least(self, limit=2000):
        """About the least even width with `proved`, within one part in 2^20; None if none below 2^limit."""
        hi = mpfr(2)
        for _ in range(limit):
            if self.proved(hi):
                break
            hi *= 2
        else:
            return None
        lo = hi / 2
        for _ in range(20):
            middle = (lo + hi) / 2
            if hi - lo <= 2:
                break
            lo, hi = (lo, middle) if self.proved(middle) else (middle, hi)
        return hi
