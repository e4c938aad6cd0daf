"""Gradient descent at 72 digits and more, with the split of every step (theory E4), for the statements "at every step" and "for all time".

    w_r <- w_r - eta Delta w_r,   Delta w_r = sum_{i,l} e_{l,i} (a_{l,r} - p_{l,i}) q_{i,r} x_i,   e = vec(F - Y)

Weights are mpfr from the first step on: each step has a relative error of 2^-bits, far below what is compared.
"""
import time

import gmpy2
from gmpy2 import exp, fsum, mpfr, sqrt

from . import eigen
from .numbers import BITS, precision


def dot(u, v):
    return fsum([s * t for s, t in zip(u, v)])


class State:
    """The network at W: q[i][r] = m softmax, p[l][i], e[l][i] = F - Y, and `alpha[i]` = (shift, sum of exp(z - shift))."""

    def __init__(self, x, y, w, a):
        n, d, m = len(x), len(a[0]), len(w)
        self.q, self.alpha, self.p, self.e, self.f = [], [], [[None] * n for _ in range(d)], [[None] * n for _ in range(d)], None
        self.f = [[None] * n for _ in range(d)]
        for i in range(n):
            z = [dot(row, x[i]) for row in w]
            top = max(z)
            values = [exp(v - top) for v in z]
            total = fsum(values)
            self.alpha.append((top, total))
            q = [m * v / total for v in values]
            self.q.append(q)
            for l in range(d):
                signed = fsum([q[r] if a[r][l] > 0 else -q[r] for r in range(m)])
                self.f[l][i], self.p[l][i], self.e[l][i] = signed, signed / m, signed - y[i][l]

    def squared_residual(self):
        return fsum([v * v for row in self.e for v in row])


class Split:
    """C_0, C_1, C_2, C_3 and the clean C_1, C_2 of one step; `linear` = |(I - eta m H) e|, `rest` = |F' - F + eta m H e|; `squared` = |e|^2.

    `error`, `error_of_norms`: absolute, of the C_k and of linear + rest, with `of_outputs` that of every F: they are differences of numbers
    of size m, however small they are themselves.
    """

    def __init__(self, now, then, omega, a, of_outputs):
        n, d, m = len(now.q), len(now.p), len(a)
        c0, c1, c2, c3, clean1, clean2, linear, rest, sizes = ([] for _ in range(9))
        for i in range(n):
            weighted = [now.q[i][r] * omega[i][r] for r in range(m)]
            total = fsum(weighted)
            (top, sum_now), (top_then, sum_then) = now.alpha[i], then.alpha[i]
            shrinking = 1 - sum_then / sum_now * exp(top_then - top)
            for l in range(d):
                signed = fsum([weighted[r] if a[r][l] > 0 else -weighted[r] for r in range(m)])
                e, change = now.e[l][i], then.f[l][i] - now.f[l][i]
                v0, v1 = then.f[l][i] * shrinking, signed
                clean = signed - now.p[l][i] * total  # = -eta m (H e)
                c0.append(e * v0), c1.append(e * v1), c2.append(e * (change - v0 - v1)), c3.append(change * change)
                clean1.append(e * clean), clean2.append(e * (change - clean))
                linear.append((e + clean) ** 2), rest.append((change - clean) ** 2)
                sizes.append(abs(e) + abs(change) + abs(v0) + abs(v1) + abs(clean))
        self.c0, self.c1, self.c2, self.c3 = 2 * fsum(c0), 2 * fsum(c1), 2 * fsum(c2), fsum(c3)
        self.clean_c1, self.clean_c2 = 2 * fsum(clean1), 2 * fsum(clean2)
        self.linear, self.rest, self.squared = sqrt(fsum(linear)), sqrt(fsum(rest)), now.squared_residual()
        self.error = 8 * of_outputs * (fsum(sizes) + n * d * of_outputs)
        self.error_of_norms = 8 * n * d * of_outputs


FEWER = 96  # bits of the shadow of a run


class Descent:
    """Gradient descent from exact doubles with an exact step. `losses[tau]` = |F(tau) - Y|_F^2, `moves[tau]` = max_r |w_r(tau) - w_r(0)|_2.

    A second run at FEWER bits less, its shadow, shows how much the steps multiply an error: a large step makes descent chaotic.
    """

    def __init__(self, instance, eta, bits=BITS, has_shadow=True):
        self.bits = bits
        self.shadow = Descent(instance, eta, bits - FEWER, False) if has_shadow else None
        self.apart = mpfr(0)  # the largest difference of an F from that of the shadow so far
        with precision(bits):
            self.x = [[mpfr(v) for v in row] for row in instance.x]
            self.y = [[mpfr(v) for v in row] for row in instance.y]
            self.start = [[mpfr(v) for v in row] for row in instance.w]
            self.w, self.a, self.eta = [list(row) for row in self.start], instance.a, mpfr(eta)
            self.state = State(self.x, self.y, self.w, self.a)
            self.losses, self.moves, self.splits = [self.state.squared_residual()], [mpfr(0)], []

    def error_of_outputs(self):
        """Absolute, of every F: that of m numbers of size 1, which the steps may have multiplied by up to 2^80, and by up to 2^24 times
        what they multiplied the error of the shadow by."""
        return max(len(self.start) * mpfr(2) ** (80 - self.bits), self.apart * mpfr(2) ** (24 - FEWER))

    def error_of_loss(self, tau):
        """Absolute, of losses[tau]."""
        norm = sqrt(mpfr(len(self.y) * len(self.y[0]))) * self.error_of_outputs()
        return norm * (2 * sqrt(self.losses[tau]) + norm)

    def error_of_move(self, tau):
        """Absolute, of moves[tau]: a difference of weights, each rounded once a step, and steps of differences of numbers of size m."""
        largest = max((abs(v) for row in self.start for v in row), default=mpfr(0)) + self.moves[tau]
        of_rounding = largest * mpfr(2) ** (2 - self.bits)
        of_steps = abs(self.eta) * len(self.x) * len(self.y[0]) * self.error_of_outputs() * (1 + sqrt(max(self.losses[:tau + 1])))
        return sqrt(mpfr(len(self.x[0]))) * tau * (of_rounding + of_steps)

    @property
    def steps(self):
        return len(self.losses) - 1

    def step(self, split=False):
        """One step; with `split` its terms are kept."""
        with precision(self.bits):
            now, n, d, m = self.state, len(self.x), len(self.y[0]), len(self.w)
            d_in, shift = len(self.x[0]), [fsum([now.e[l][i] * now.p[l][i] for l in range(d)]) for i in range(n)]
            changes = []
            for r in range(m):
                c = [(fsum([now.e[l][i] if self.a[r][l] > 0 else -now.e[l][i] for l in range(d)]) - shift[i]) * now.q[i][r] for i in range(n)]
                changes.append([self.eta * fsum([c[i] * self.x[i][k] for i in range(n)]) for k in range(d_in)])
            self.w = [[u - v for u, v in zip(row, change)] for row, change in zip(self.w, changes)]
            then = State(self.x, self.y, self.w, self.a)
            if split:
                omega = [[-dot(change, row) for change in changes] for row in self.x]
                self.splits.append(Split(now, then, omega, self.a, self.error_of_outputs()))
            self.state = then
            if self.shadow is not None:
                self.shadow.step()
                self.apart = max([self.apart] + [abs(u - v) for row, other in zip(then.f, self.shadow.state.f) for u, v in zip(row, other)])
            self.losses.append(then.squared_residual())
            self.moves.append(max(sqrt(fsum([(u - v) ** 2 for u, v in zip(row, first)])) for row, first in zip(self.w, self.start)))

    def run(self, steps, seconds, until=None, split=False):
        """At most so many further steps, so many seconds, and no further than a loss of `until`. True if nothing was cut short."""
        begin = time.process_time()
        for step in range(steps):
            if until is not None and self.losses[-1] <= until:
                return True
            if step % 8 == 0 and time.process_time() - begin > seconds:
                return False
            self.step(split)
        return True

    def kernel_extremes(self):
        """(lambda_min, lambda_max) of H at the weights reached, as truths."""
        with precision(self.bits):
            now, n, d, m = self.state, len(self.x), len(self.y[0]), len(self.w)
            g = [[(self.a[r][l] - now.p[l][i]) * now.q[i][r] for r in range(m)] for l in range(d) for i in range(n)]
            gram = [[dot(u, v) for v in self.x] for u in self.x]
            h = [[None] * (n * d) for _ in range(n * d)]
            for u in range(n * d):
                for v in range(u + 1):
                    h[u][v] = h[v][u] = gram[u % n][v % n] * dot(g[u], g[v]) / m
            return eigen.extremes(h)


def bits_for(instance):
    """BITS; as many more as the largest logit has in front of its point (it is rounded before the exponential); and as many more as the
    smallest label has zeros behind its point (F is a difference of numbers of size 1)."""
    largest = max((abs(v) for row in instance.w for v in row), default=0.0) * max((abs(v) for row in instance.x for v in row), default=0.0)
    least = min([abs(v) for row in instance.y for v in row if v != 0] or [1.0])
    before = gmpy2.get_exp(mpfr(largest)) if largest > 0 and gmpy2.is_finite(mpfr(largest)) else 0
    return BITS + max(0, before) + max(0, -gmpy2.get_exp(mpfr(least))) + 16
