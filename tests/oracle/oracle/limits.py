"""Kernels at infinite width of softmax, exp, ReLU and GELU networks, from exact inner products."""
import gmpy2
from gmpy2 import mpfr, exp, sqrt, atan2, const_pi

from .numbers import rational
from .network import exact_gram, exact_rows


def softmax_kernel(x, sigma):
    """K_inf(x, x') = <x, x'> e^{sigma^2 <x, x'>}."""
    square = rational(sigma) ** 2
    return [[mpfr(v) * exp(mpfr(square * v)) if v != 0 else mpfr(0) for v in row] for row in exact_gram(exact_rows(x))]


def exp_kernel(x, sigma):
    """<x, x'> e^{sigma^2 |x + x'|^2 / 2}."""
    g, square = exact_gram(exact_rows(x)), rational(sigma) ** 2
    n = len(g)
    return [[mpfr(g[i][j]) * exp(mpfr(square * (g[i][i] + 2 * g[i][j] + g[j][j]) / 2)) if g[i][j] != 0 else mpfr(0)
             for j in range(n)] for i in range(n)]


def relu_kernel(x):
    """<x, x'> (pi - angle(x, x')) / (2 pi); the angle from atan2(sqrt(|x|^2 |x'|^2 - <x, x'>^2), <x, x'>), the root of an exact number."""
    g = exact_gram(exact_rows(x))
    n, pi = len(g), const_pi()

    def entry(i, j):
        if g[i][j] == 0:
            return mpfr(0)
        angle = atan2(sqrt(mpfr(g[i][i] * g[j][j] - g[i][j] ** 2)), mpfr(g[i][j]))
        return mpfr(g[i][j]) * (pi - angle) / (2 * pi)

    return [[entry(i, j) for j in range(n)] for i in range(n)]


def gelu_kernel(x, sigma):
    """<x, x'> E[s(u) s(v)], s(u) = Phi(u) + u p(u), of normal (u, v) with covariance sigma^2 XX'."""
    g, square, pi = exact_gram(exact_rows(x)), rational(sigma) ** 2, const_pi()

    def entry(i, j):
        a, b, c = 1 + square * g[i][i], 1 + square * g[j][j], square * g[i][j]
        determinant = a * b - c * c
        orthant = mpfr(1) / 4 + atan2(mpfr(c), sqrt(mpfr(determinant))) / (2 * pi)
        rest = mpfr(c * (1 / a + 1 / b + 1 / determinant)) / (2 * pi * sqrt(mpfr(determinant)))
        return mpfr(g[i][j]) * (orthant + rest)

    return [[entry(i, j) for j in range(len(g))] for i in range(len(g))]


def blocks(kernel, d):
    """I_d (x) K, index (l, i) -> l n + i."""
    n = len(kernel)
    zero = mpfr(0)
    return [[kernel[u % n][v % n] if u // n == v // n else zero for v in range(n * d)] for u in range(n * d)]


def rank(rows):
    """The rank of exact rational rows."""
    rows, count = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((r for r in range(count, len(rows)) if rows[r][column] != 0), None)
        if pivot is None:
            continue
        rows[count], rows[pivot] = rows[pivot], rows[count]
        for r in range(count + 1, len(rows)):
            factor = rows[r][column] / rows[count][column]
            if factor != 0:
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[count])]
        count += 1
    return count


def softmax_positive(x):
    """lambda_min(K_inf) > 0 (softmax, exp): the rows are distinct and not zero."""
    rows = [tuple(row) for row in exact_rows(x)]
    return len(set(rows)) == len(rows) and all(any(v != 0 for v in row) for row in rows)


def relu_positive(x):
    """lambda_min(K_relu) > 0: no zero row, none a positive multiple of another, and the directions that come with their opposites are
    linearly independent."""
    rows = exact_rows(x)
    if any(all(v == 0 for v in row) for row in rows):
        return False
    g = exact_gram(rows)
    opposite = []
    for i in range(len(rows)):
        for j in range(i):
            if g[i][j] ** 2 == g[i][i] * g[j][j]:
                if g[i][j] > 0:
                    return False
                opposite.append(rows[i])
    return not opposite or rank(opposite) == len(opposite)


def gelu_positive(x):
    """lambda_min(K_gelu) > 0: the rows are distinct and not zero, and one row of each pair x, -x makes an independent family."""
    rows = [tuple(row) for row in exact_rows(x)]
    opposite = [row for k, row in enumerate(rows) if tuple(-v for v in row) in rows[:k]]
    return softmax_positive(x) and (not opposite or rank(opposite) == len(opposite))
