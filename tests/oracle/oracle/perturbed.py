"""D0 and D1 at 72 digits: what is proved of the kernel over a ball by sums of absolute values, from the card of ntk_perturbation."""
import gmpy2
from gmpy2 import mpfr, exp, expm1, sqrt, fsum

from . import eigen, shared
from .numbers import Truth, about, precision, rational


class Ranges:
    """|G(W~) - G(W)| <= dg over the ball of one radius: q~ in [q_lo, q_hi], |p~ - p| <= dp; gbar = |G|."""

    def __init__(self, network, radius):
        n, m, d = network.n, network.m, network.d
        self.network = network
        self.gbar, self.dg = [], []
        rho = [mpfr(radius) * sqrt(network.gram[i][i]) for i in range(n)]
        dq, q_hi = [], []
        for i in range(n):
            # With equal radii q~/q = e^{delta_r} / sum S e^{delta}; extremes at the corners: r up and the others down, and conversely.
            s, up = network.s[i], rho[i]
            grow, shrink = expm1(2 * up), -expm1(-2 * up)
            # up: q e^rho / (e^-rho + S (e^rho - e^-rho)) = q e^{2rho} / (1 + S (e^{2rho} - 1)); less q: q (1 - S) grow / (1 + S grow)
            above = [network.q[i][r] * (1 - s[r]) * grow / (1 + s[r] * grow) for r in range(m)]
            below = [network.q[i][r] * (1 - s[r]) * shrink / (1 - s[r] * shrink) for r in range(m)]
            dq.append([max(x, y) for x, y in zip(above, below)])
            q_hi.append([x + y for x, y in zip(network.q[i], above)])
        for l in range(d):
            for i in range(n):
                # p~ in tanh(artanh p +- rho) for equal radii: |p~ - p| <= (1 - p^2) tanh(rho) / (1 - |p| tanh(rho))
                plus = fsum([network.s[i][r] for r in range(m) if network.a[r][l] > 0] or [mpfr(0)])
                minus = fsum([network.s[i][r] for r in range(m) if network.a[r][l] < 0] or [mpfr(0)])
                t = gmpy2.tanh(rho[i])
                dp = 4 * plus * minus * t / (1 - abs(network.p[l][i]) * t)
                g = [abs(v) for v in network.g[l][i]]
                factor = [2 * (minus if network.a[r][l] > 0 else plus) for r in range(m)]  # |a - p|
                self.gbar.append(g)
                self.dg.append([factor[r] * dq[i][r] + dp * q_hi[i][r] for r in range(m)])

    def _matrix(self, entry):
        n, m = self.network.n, self.network.m
        size = len(self.gbar)
        return [[abs(self.network.gram[u % n][v % n]) * fsum(entry(u, v)) / m for v in range(size)] for u in range(size)]

    def delta(self):
        """Delta of D1: |H(W~) - H(W)| <= Delta entry by entry."""
        g, e = self.gbar, self.dg
        return self._matrix(lambda u, v: [a * y + x * b + x * y for a, b, x, y in zip(g[u], g[v], e[u], e[v])])

    def theta(self):
        """nu^2 = |Theta|_2 bounds the change of the Jacobian."""
        e = self.dg
        return self._matrix(lambda u, v: [x * y for x, y in zip(e[u], e[v])])


def upper_change(network, radius):
    """(upper bound of |H(W~) - H|_F, of |.|_2) over the ball: |Delta|_F, |Delta|_2."""
    delta = Ranges(network, radius).delta()
    return about(eigen.frobenius(delta)).hi, eigen.spectral_norm(delta).hi


def lower_lambda(instance, radius):
    """A lower bound of lambda_min(H(W~)) over the ball: the better of lambda - |Delta|_2 and (sqrt lambda - nu)^2."""
    lam = shared.lambda_min(instance)
    ranges = Ranges(shared.forward(instance), radius)
    entrywise = lam.lo - eigen.spectral_norm(ranges.delta()).hi
    nu = sqrt(eigen.spectral_norm(ranges.theta()).hi)
    root = sqrt(max(lam.lo, mpfr(0))) - nu
    return max(entrywise, root * root if root > 0 else mpfr(0), mpfr(0))
