"""The Hessian of the loss, (m d_in) x (m d_in): with z_r = <w_r, x_i>, dF/dz_r = G_r and d^2F/dz_r dz_s = [r = s] G_r - S_r G_s - S_s G_r."""
from gmpy2 import mpfr, fsum

from . import eigen, shared
from .numbers import Truth, about

try:
    import numpy
except ImportError:
    numpy = None

LARGEST_EXACT = 40  # rows that are worth 72 digits; above, plain double with a wide margin


def _entries(network, number):
    """Hessian as rows, numbers made by `number`."""
    n, m, d, d_in = network.n, network.m, network.d, len(network.x[0])
    x = [[number(v) for v in row] for row in network.x]
    e = network.residual()
    e = [number(v) for v in e]
    s = [[number(v) for v in row] for row in network.s]
    g = [[[number(v) for v in row] for row in block] for block in network.g]
    rows = [[number(0)] * (m * d_in) for _ in range(m * d_in)]
    for i in range(n):
        eg = [sum(e[l * n + i] * g[l][i][r] for l in range(d)) for r in range(m)]
        for r in range(m):
            for t in range(r + 1):
                c = sum(g[l][i][r] * g[l][i][t] for l in range(d)) - s[i][r] * eg[t] - s[i][t] * eg[r] + (eg[r] if r == t else 0)
                for p in range(d_in):
                    for q in range(d_in):
                        rows[r * d_in + p][t * d_in + q] += c * x[i][p] * x[i][q]
    for r in range(m * d_in):
        for t in range(r):
            rows[t][r] = rows[r][t]
    return rows


def least_curvature(instance):
    """(lambda_min of the Hessian as a truth, is it at 72 digits); from plain double the truth has a margin of 1e-9 of its norm."""
    network = shared.forward(instance)
    size = instance.m * instance.d_in
    if size <= LARGEST_EXACT:
        rows = _entries(network, mpfr)
        return eigen.extremes(rows)[0], True
    if numpy is None or size > 600:
        return None, False
    with numpy.errstate(all="ignore"):
        matrix = _numpy_hessian(network)
        if not numpy.isfinite(matrix).all() or not numpy.abs(matrix).max() > 1e-200:
            return None, False
        values = numpy.linalg.eigvalsh(matrix)
    margin = 1e-9 * numpy.abs(values).max()
    return Truth(mpfr(float(values[0] - margin)), mpfr(float(values[0] + margin))), False


def _numpy_hessian(network):
    n, m, d = network.n, network.m, network.d
    x = numpy.array([[float(v) for v in row] for row in network.x])
    e = numpy.array([float(v) for v in network.residual()]).reshape(d, n)
    s = numpy.array([[float(v) for v in row] for row in network.s])
    g = numpy.array([[[float(v) for v in row] for row in block] for block in network.g])
    d_in = x.shape[1]
    total = numpy.zeros((m * d_in, m * d_in))
    for i in range(n):
        eg = e[:, i] @ g[:, i, :]
        c = g[:, i, :].T @ g[:, i, :] - numpy.outer(s[i], eg) - numpy.outer(eg, s[i]) + numpy.diag(eg)
        total += numpy.kron(c, numpy.outer(x[i], x[i]))
    return total
