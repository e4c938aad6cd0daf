"""The softmax network at 72 digits: F_l(x) = m <a_l, softmax(W'x)>, its kernel, Jacobian, loss and gradient descent.

Independent formulas: logits and <x_i, x_j> are exact rationals rounded once; a_{l,r} - p_{l,i} = 2 a_{l,r} (weight of the opposite sign),
which never cancels. Index (l, i) -> l n + i.
"""
import gmpy2
from gmpy2 import mpfr, mpq, fsum, sqrt, exp

from . import eigen
from .numbers import BITS, Truth, about, bits_now, epsilon, precision, rational, stable


def exact_rows(rows):
    """Rows of exact rationals."""
    return [[rational(v) for v in row] for row in rows]


def exact_dot(u, v):
    return sum((a * b for a, b in zip(u, v)), mpq(0))


def exact_gram(x):
    """<x_i, x_j> as exact rationals; x from exact_rows."""
    n = len(x)
    g = [[None] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            g[i][j] = g[j][i] = exact_dot(x[i], x[j])
    return g


class Network:
    """The network at exact weights (floats, rationals, or mpfr taken as exact) on exact inputs; values at the precision of its making.

    x, w: rows of numbers; a: rows of +-1 per neuron; y: labels (rows) or None.
    Fields: n, d, m, z[i][r] logits, q[i][r] = m S, p[l][i], F[l][i] = m p, g[l][i][r] = (a - p) q, gram[i][j].
    """

    def __init__(self, x, w, a, y=None):
        self.x, self.w, self.a = exact_rows(x), exact_rows(w), a
        self.n, self.m, self.d = len(x), len(w), len(a[0])
        self.y = None if y is None else exact_rows(y)
        self.exact_gram = exact_gram(self.x)
        self.gram = [[mpfr(v) for v in row] for row in self.exact_gram]
        self._pass()

    def _pass(self):
        """z, S, q, p, F and G."""
        m = self.m
        exact = [[exact_dot(row, x) for row in self.w] for x in self.x]
        self.exact_logits = exact
        self.z = [[mpfr(v) for v in row] for row in exact]
        self.s, self.log_sum, self.total = [], [], []
        for row in exact:
            top = max(row)
            e = [exp(mpfr(v - top)) for v in row]
            total = fsum(e)
            self.s.append([v / total for v in e])
            self.log_sum.append(gmpy2.log(total) + mpfr(top))
        self.q = [[m * v for v in row] for row in self.s]
        self.p, self.f, self.g = [], [], []
        for l in range(self.d):
            p, g = [], []
            for i in range(self.n):
                s = self.s[i]
                plus = fsum([s[r] for r in range(m) if self.a[r][l] > 0] or [mpfr(0)])
                minus = fsum([s[r] for r in range(m) if self.a[r][l] < 0] or [mpfr(0)])
                p.append(fsum([self.a[r][l] * s[r] for r in range(m)]))
                up, down = 2 * minus * m, 2 * plus * m
                g.append([up * s[r] if self.a[r][l] > 0 else -down * s[r] for r in range(m)])
            self.p.append(p)
            self.f.append([m * v for v in p])
            self.g.append(g)

    def size(self):
        """N = n d."""
        return self.n * self.d

    def kernel(self):
        """H, N x N: <x_i, x_j> (1/m) sum_r G G'."""
        n, d, m = self.n, self.d, self.m
        rows = [self.g[l][i] for l in range(d) for i in range(n)]
        h = [[None] * (n * d) for _ in range(n * d)]
        for u in range(n * d):
            for v in range(u + 1):
                gram = self.gram[u % n][v % n]
                h[u][v] = h[v][u] = gram * fsum([x * y for x, y in zip(rows[u], rows[v])]) / m if gram != 0 else mpfr(0)
        return h

    def residual(self):
        """e = vec(F - Y)."""
        return [self.f[l][i] - mpfr(self.y[i][l]) for l in range(self.d) for i in range(self.n)]

    def residual_norm(self):
        """|F - Y|_F."""
        e = self.residual()
        return sqrt(fsum([v * v for v in e]))

    def residual_truth(self):
        """The same as a truth: F has an absolute error of m 2^-bits."""
        return about(self.residual_norm(), self.m * self.size() * 16 * epsilon())

    def largest_logit(self):
        """max |<w_r, x_i>|, exact."""
        return max(abs(v) for row in self.exact_logits for v in row)

    def largest_q(self):
        return max(v for row in self.q for v in row)

    def smallest_q(self):
        return min(v for row in self.q for v in row)

    def delta_w(self):
        """Gradient of the loss over w_r: Delta w_r = sum_{i,l} e_{l,i} G_{(l,i),r} x_i, rows of mpfr."""
        e, n = self.residual(), self.n
        d_in = len(self.x[0])
        x = [[mpfr(v) for v in row] for row in self.x]
        result = []
        for r in range(self.m):
            c = [fsum([e[l * n + i] * self.g[l][i][r] for l in range(self.d)]) for i in range(n)]
            result.append([fsum([c[i] * x[i][k] for i in range(n)]) for k in range(d_in)])
        return result

    def squared_gradient(self):
        """|grad L|_F^2."""
        return fsum([v * v for row in self.delta_w() for v in row])

    def stepped(self, eta):
        """The network after one step of gradient descent, its weights rounded to the precision at hand."""
        eta = mpfr(eta)
        w = [[mpfr(v) - eta * g for v, g in zip(row, change)] for row, change in zip(self.w, self.delta_w())]
        next_one = object.__new__(Network)
        next_one.x, next_one.a, next_one.y = self.x, self.a, self.y
        next_one.n, next_one.m, next_one.d = self.n, self.m, self.d
        next_one.exact_gram, next_one.gram = self.exact_gram, self.gram
        next_one.w = [[mpq(v) for v in row] for row in w]
        next_one._pass()
        return next_one


def needed_bits(instance):
    """BITS: logits are exact, so no more bits are needed for large ones."""
    return BITS


def is_certainly_singular(x, w, a):
    """H is a sum over neurons of u u', u_{(l,i),k} = g_{l,i,r} x_{i,k}: neurons of equal w and a give equal columns, and so do the two of a
    pair of opposite a where all are paired (p = 0). So its rank is at most their number times min(n, d_in). An output of equal signs has
    a = p; equal inputs have equal rows; an input 0 has rows 0."""
    paired = len(w) % 2 == 0 and all(
        w[r] == w[r + 1] and all(s == -t for s, t in zip(a[r], a[r + 1])) for r in range(0, len(w), 2))
    neurons = {(tuple(u), max(tuple(s), tuple(-t for t in s)) if paired else tuple(s)) for u, s in zip(w, a)}
    rows = {tuple(row) for row in x}
    return (len(neurons) * min(len(x), len(x[0])) < len(x) * len(a[0]) or len(rows) < len(x) or
            any(all(v == 0 for v in row) for row in x) or any(len(set(signs)) == 1 for signs in zip(*a)))


def kernel_extremes(x, w, a, relative=1e-30, limit=3840):
    """(lambda_min, lambda_max) of H as truths, at rising precision until both are known to `relative` (or 0 <= lambda_min <= tiny)."""
    bits = BITS
    if is_certainly_singular(x, w, a):
        return Truth(mpfr(0), mpfr(0)), eigen.extremes(Network(x, w, a).kernel())[1]
    while True:
        with precision(bits):
            h = Network(x, w, a).kernel()
            lo, hi = eigen.extremes(h)
            lo = Truth(max(lo.lo, mpfr(0)), max(lo.hi, mpfr(0)))
            if lo.hi - lo.lo <= lo.hi * relative or bits * 4 > limit:
                return lo, hi
        bits *= 4
