"""Attacks on "for every W~ in the ball": gradient ascent in plain double for a direction, then evaluation at 72 digits and more at a point
exactly inside the ball. Without NumPy only a few plain directions are tried."""
import random

import gmpy2
from gmpy2 import mpfr, mpq, sqrt

from . import eigen
from .network import Network
from .numbers import BITS, Truth, about, precision, rational, stable

try:
    import numpy
except ImportError:
    numpy = None


class PlainNetwork:
    """Arrays in double: x scaled to length 1 (its largest row), so that tiny inputs do not underflow; z + <u, x> for displacements."""

    def __init__(self, instance):
        network = instance.shared("forward", instance.network)
        self.n, self.m, self.d = network.n, network.m, network.d
        scale = max(max(abs(v) for v in row) for row in network.x)
        self.scale = float(scale) if scale != 0 else 1.0
        self.x = numpy.array([[float(v / scale) if scale != 0 else 0.0 for v in row] for row in network.x])
        self.z = numpy.array([[float(v) for v in row] for row in network.exact_logits])
        self.a = numpy.array(instance.a, dtype=float).T  # d x m
        self.gram = self.x @ self.x.T

    def forward(self, u):
        """S, p, G (d x n x m) at displacement u, measured in units of 1 / scale (so that <u, x> is in logits)."""
        z = self.z + self.x @ u.T
        s = numpy.exp(z - z.max(axis=1, keepdims=True))
        s /= s.sum(axis=1, keepdims=True)
        p = self.a @ s.T
        g = self.m * (self.a[:, None, :] - p[:, :, None]) * s[None, :, :]
        return s, p, g

    def kernel(self, g):
        flat = g.reshape(self.d * self.n, self.m)
        return numpy.tile(self.gram, (self.d, self.d)) * (flat @ flat.T) / self.m

    def gradient(self, s, g, weight):
        """d/du of <weight, H> for a symmetric N x N weight: rows of the direction in which it grows."""
        flat = g.reshape(self.d * self.n, self.m)
        mm = ((2 / self.m) * (weight * numpy.tile(self.gram, (self.d, self.d))) @ flat).reshape(g.shape)
        mg = mm * g
        c = mg.sum(axis=0) - s * mg.sum(axis=(0, 2))[:, None] - ((mm * s[None]).sum(axis=2)[:, :, None] * g).sum(axis=0)
        return c.T @ self.x


def _unit_rows(rows, rng):
    norms = numpy.sqrt((rows ** 2).sum(axis=1, keepdims=True))
    fallback = numpy.array([[rng.gauss(0, 1) for _ in range(rows.shape[1])] for _ in range(rows.shape[0])])
    fallback /= numpy.sqrt((fallback ** 2).sum(axis=1, keepdims=True))
    usable = numpy.isfinite(norms) & (norms > 0)
    return numpy.where(usable, rows / numpy.where(usable, norms, 1), fallback)


def ascend(instance, radius, objective, starts=2, steps=12):
    """Directions (m rows of unit length, lists of floats) that seem to make `objective` large on the sphere of the radius.

    objective: 'change' (|H~ - H|_F) or 'lambda' (-lambda_min(H~)).
    """
    rng = random.Random(1)
    if numpy is None:
        return [_plain_direction(instance, rng, k) for k in range(3)]
    with numpy.errstate(all="ignore"):
        plain = PlainNetwork(instance)
        step = min(float(radius) * plain.scale, 1e3) or 1e-3
        step = max(step, 1e-7)  # below, the first order decides
        zero = numpy.zeros((instance.m, instance.d_in))
        _, _, g0 = plain.forward(zero)
        h0 = plain.kernel(g0)
        best = []
        for start in range(starts):
            u = _unit_rows(numpy.array([[rng.gauss(0, 1) for _ in range(instance.d_in)] for _ in range(instance.m)]), rng)
            if objective == "lambda" and start == 0:
                u = zero
            top, top_value = u, -numpy.inf
            for _ in range(steps):
                s, _, g = plain.forward(u * step)
                h = plain.kernel(g)
                if not numpy.isfinite(h).all():
                    break
                if objective == "change":
                    weight, value = h - h0, numpy.linalg.norm(h - h0)
                else:
                    values, vectors = numpy.linalg.eigh(h)
                    weight, value = -numpy.outer(vectors[:, 0], vectors[:, 0]), -values[0]
                if value > top_value and u is not zero:
                    top, top_value = u, value
                size = numpy.abs(weight).max()
                u = _unit_rows(plain.gradient(s, g, weight / size if size > 0 else weight), rng)
            if top is zero:
                top = u
            best.append((top_value, top))
        best.sort(key=lambda item: -item[0])
        return [[[float(v) for v in row] for row in _unit_rows(u, rng)] for _, u in best]


def _plain_direction(instance, rng, k):
    """Along or against x by the signs of A."""
    rows = []
    for r in range(instance.m):
        i = rng.randrange(instance.n)
        sign = instance.a[r][0] if k < 2 else rng.choice([-1, 1])
        norm = sum(v * v for v in instance.x[i]) ** 0.5 or 1.0
        rows.append([sign * v / norm * (-1) ** k for v in instance.x[i]])
    return rows


def displaced(instance, direction, radius):
    """Exact rational weights W + u with |u_r| <= radius exactly; direction: unit rows up to rounding, radius: exact rational."""
    shrink = rational(radius) * (1 - mpq(1, 2 ** 40))
    w = []
    for row, d in zip(instance.w, direction):
        u = [shrink * rational(v) for v in d]
        norm = sum(v * v for v in u)
        limit = rational(radius) ** 2
        while norm > limit:
            u = [v * mpq(2 ** 20 - 1, 2 ** 20) for v in u]
            norm = sum(v * v for v in u)
        w.append([rational(a) + b for a, b in zip(row, u)])
    return w


def change_at(instance, w):
    """(|H(W~) - H(W)|_F, |.|_2) as truths at exact weights w, at as many bits as the cancellation asks for."""
    def make():
        first, second = instance.network().kernel(), instance.network(w).kernel()
        rows = [[b - a for a, b in zip(u, v)] for u, v in zip(first, second)]
        scale = max(max(first[i][i], second[i][i]) for i in range(len(first)))
        error = scale * len(rows) * mpfr(2) ** (14 - gmpy2.get_context().precision)
        return rows, error

    def norm(of):
        rows, error = make()
        truth = of(rows)
        return Truth(max(truth.lo - error, mpfr(0)), truth.hi + error)
    return stable(lambda: norm(lambda rows: about(eigen.frobenius(rows))), 1e-15), stable(lambda: norm(eigen.spectral_norm), 1e-15)


def largest_displacement(instance, w):
    """max |w~_r - w_r| as a truth, from exact weights."""
    square = max(sum((rational(a) - rational(b)) ** 2 for a, b in zip(u, v)) for u, v in zip(w, instance.w))
    return about(sqrt(mpfr(square)))
