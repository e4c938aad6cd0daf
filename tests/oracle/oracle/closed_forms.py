"""The closed forms of the statements, from the cards.

    B = max{C sigma sqrt(log(nd/delta)), floor}      width m = c_m lambda^-2 (nd)^2 e^{18B} log^2(nd/delta)
    perturbation bound = R nd e^{10B}                eta = 0.1 lambda / (m (nd)^2 e^{16B})
    R_* = lambda / (2 nd e^{10B})                    T = c_T log(nd/epsilon) / (m eta lambda)
    D = 8 e^{2B} sqrt(nd) |F(0)-Y| / (m lambda)      A, Gamma, score bound: theory E6
"""
import functools

import gmpy2
from gmpy2 import mpfr, exp, log, sqrt, log1p

from .numbers import TINY, bits_now, precision, real
from .tails import erfc

CONSTANTS = {
    "e0.C": "10", "e0.floor": "1", "e1.radius_max": "0.01", "e1.exponent": "10", "e1.multiplier": "1", "e1.exp_multiplier": "3",
    "e1.relu_multiplier": "2", "e1.relu_rate": "0.1", "e2.divisor": "2", "e2.exponent": "10", "e3.multiplier": "1",
    "e3.exponent": "18", "e3.eta_multiplier": "0.1", "e3.eta_exponent": "16", "e4.multiplier": "1", "e4.D_multiplier": "8",
    "e4.D_exponent": "2", "e4.C1": "1.6", "e4.C_other": "0.1", "e6.multiplier": "1", "e6.c_Lambda": "1", "e6.c_1": "1",
    "e6.width_multiplier": "1", "e6.width_exponent": "18", "e6.t0": "0.1", "e6.T": "2", "e6.g": "1"}


GUARD = 64  # bits: exp loses as many as its argument has in front of its point


def guarded(function):
    """The same function, computed with so many more bits."""
    @functools.wraps(function)
    def computed(*arguments, **named):
        with precision(bits_now() + GUARD):
            return function(*arguments, **named)
    return computed


def with_guard(forms):
    """The class with every function guarded but `constant`, which they all call."""
    for name, function in list(vars(forms).items()):
        if callable(function) and name != "constant":
            setattr(forms, name, guarded(function))
    return forms


@with_guard
class Forms:
    """Closed forms at given hyperparameters. n, d: numbers; the others: numbers or decimal texts; `set`: {constant: text}.

    lam: the smallest eigenvalue (mpfr), initial_error: |F(0) - Y|_F.
    """

    def __init__(self, n, d, sigma, delta, epsilon="0.01", radius="0.005", lam=1, initial_error=None, set=None):
        self.n, self.d = real(n), real(d)
        self.samples = self.n * self.d
        self.sigma, self.delta, self.epsilon = real(sigma), real(delta), real(epsilon)
        self.radius, self.lam = real(radius), real(lam)
        self.initial_error = sqrt(self.n) if initial_error is None else real(initial_error)
        self.table = dict(CONSTANTS, **(set or {}))

    def constant(self, key):
        return real(self.table[key])

    def log_term(self):
        """log(nd/delta)."""
        return log(self.samples / self.delta)

    def B(self, C=None):
        c = self.constant("e0.C") if C is None else C
        return max(c * self.sigma * sqrt(self.log_term()), self.constant("e0.floor"))

    def B_repaired(self, m):
        """With log(m nd / delta)."""
        return max(self.constant("e0.C") * self.sigma * sqrt(log(m * self.samples / self.delta)), self.constant("e0.floor"))

    def B_one_output(self):
        """B_1 of activation_comparison: nd is n."""
        return max(self.constant("e0.C") * self.sigma * sqrt(log(self.n / self.delta)), self.constant("e0.floor"))

    def perturbation_bound(self):
        return self.constant("e1.multiplier") * self.radius * self.samples * exp(self.constant("e1.exponent") * self.B())

    def convex_radius(self):
        return self.lam / (self.constant("e2.divisor") * self.samples * exp(self.constant("e2.exponent") * self.B()))

    def width(self, C=None):
        return (self.constant("e3.multiplier") * (self.samples * self.log_term() / self.lam) ** 2
                * exp(self.constant("e3.exponent") * self.B(C)))

    def eta(self):
        return (self.constant("e3.eta_multiplier") * self.lam
                / (self.width() * self.samples ** 2 * exp(self.constant("e3.eta_exponent") * self.B())))

    def horizon(self):
        """T_hat; negative where epsilon > nd."""
        return self.constant("e4.multiplier") * log(self.samples / self.epsilon) / (self.width() * self.eta() * self.lam)

    def movement(self):
        """D."""
        return (self.constant("e4.D_multiplier") * exp(self.constant("e4.D_exponent") * self.B()) * sqrt(self.samples)
                * self.initial_error / (self.width() * self.lam))

    def break_width(self):
        """2 log(1 - delta) / log(1 - erfc(B / (sigma sqrt 2))): one row of norm 1."""
        tail = erfc(self.B() / (self.sigma * sqrt(mpfr(2))))
        return 2 * log1p(-self.delta) / log1p(-tail) if tail > TINY else mpfr("inf")

    def score(self, rkhs_radius=None, early_stopping="0"):
        """{'A', 'Gamma', 'total', ...} of Theorem 6.6; None for what is undefined. R_H defaults to 100 d c_Lambda^2."""
        big_lambda = self.constant("e6.c_Lambda") * sqrt(self.d)
        r = 100 * self.d * self.constant("e6.c_Lambda") ** 2 if rkhs_radius is None else real(rkhs_radius)
        ratio = sqrt(r) / big_lambda
        a = self.constant("e6.c_1") * big_lambda * ratio ** (-2 / self.d) * log(ratio)
        result = {"A": a, "Lambda": big_lambda, "Gamma": None, "total": None}
        base = log(gmpy2.exp(mpfr(1)) * self.samples ** mpfr("1.5") * a / self.lam)
        if self.n <= 1 or base < 0 or a < 0:
            return result
        scaled = self.d * a / self.lam
        gamma = ((2 * self.d * scaled * base ** mpfr("1.5") + 1 / sqrt(self.n)) ** 2
                 + scaled ** 2 * (log(1 / self.delta) + log(log(self.n))))
        result["Gamma"] = gamma
        if gamma >= 0:
            result["total"] = self.constant("e6.multiplier") * (
                1 / (self.lam * sqrt(self.n)) + real(early_stopping) + self.d * a * a + self.d * a + sqrt(self.d * a * gamma) + gamma)
        return result
