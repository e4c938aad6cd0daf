"""Eigenvalues of symmetric matrices at the precision at hand: Householder tridiagonalization, then implicit QL (no code of the program
works this way). Backward stable: every eigenvalue has an absolute error below `error_bound`."""
from gmpy2 import mpfr, sqrt, fsum, hypot

from .numbers import Truth, bits_now, epsilon


def dot(u, v):
    return fsum([a * b for a, b in zip(u, v)])


def mat_vec(matrix, vector):
    return [dot(row, vector) for row in matrix]


def frobenius(matrix):
    return sqrt(fsum([v * v for row in matrix for v in row]))


def tridiagonal(matrix):
    """Diagonal and off-diagonal of an orthogonally similar tridiagonal matrix."""
    a = [list(row) for row in matrix]
    n = len(a)
    diagonal, off = [], []
    for k in range(n - 1):
        column = [a[i][k] for i in range(k + 1, n)]
        diagonal.append(a[k][k])
        norm = sqrt(dot(column, column))
        if len(column) == 1 or norm == 0:
            off.append(column[0] if len(column) == 1 else norm)
            continue
        alpha = -norm if column[0] > 0 else norm
        v = list(column)
        v[0] -= alpha
        beta = 2 / dot(v, v)
        size = len(v)
        p = [beta * fsum([a[k + 1 + i][k + 1 + j] * v[j] for j in range(size)]) for i in range(size)]
        half = beta / 2 * dot(p, v)
        w = [p[i] - half * v[i] for i in range(size)]
        for i in range(size):
            row = a[k + 1 + i]
            for j in range(size):
                row[k + 1 + j] -= v[i] * w[j] + w[i] * v[j]
        off.append(alpha)
    diagonal.append(a[n - 1][n - 1])
    return diagonal, off


def eigenvalues(matrix):
    """All eigenvalues, ascending."""
    d, e = tridiagonal(matrix)
    n = len(d)
    e = e + [mpfr(0)]
    tiny = epsilon() / 4
    scale = max([abs(v) for v in d] + [abs(v) for v in e])
    for l in range(n):
        for _ in range(60 + bits_now() // 8):
            m = l
            while m < n - 1 and abs(e[m]) > tiny * (abs(d[m]) + abs(d[m + 1])) and abs(e[m]) > tiny * tiny * scale:
                m += 1
            if m == l:
                break
            g = (d[l + 1] - d[l]) / (2 * e[l])
            r = hypot(g, mpfr(1))
            g = d[m] - d[l] + e[l] / (g + (r if g >= 0 else -r))
            s = c = mpfr(1)
            p = mpfr(0)
            for i in range(m - 1, l - 1, -1):
                f, b = s * e[i], c * e[i]
                r = hypot(f, g)
                e[i + 1] = r
                if r == 0:
                    d[i + 1] -= p
                    e[m] = mpfr(0)
                    break
                s, c = f / r, g / r
                g = d[i + 1] - p
                r = (d[i] - g) * s + 2 * c * b
                p = s * r
                d[i + 1] = g + p
                g = c * r - b
            else:
                d[l] -= p
                e[l] = g
                e[m] = mpfr(0)
        else:
            raise ArithmeticError("QL did not converge")
    return sorted(d)


def error_bound(matrix):
    """|computed - true eigenvalue| for a matrix whose entries have an error of 2^(10-bits) times the largest row norms."""
    n = len(matrix)
    return frobenius(matrix) * n * n * 64 * epsilon() * 16


def extremes(matrix):
    """(smallest, largest) eigenvalue as truths."""
    values = eigenvalues(matrix)
    error = error_bound(matrix)
    return Truth(values[0] - error, values[0] + error), Truth(values[-1] - error, values[-1] + error)


def spectral_norm(matrix):
    """max |eigenvalue| of a symmetric matrix, as a truth."""
    lo, hi = extremes(matrix)
    low = max(abs(v) if t.lo > 0 or t.hi < 0 else mpfr(0) for t in (lo, hi) for v in [min(abs(t.lo), abs(t.hi))])
    return Truth(low, max(abs(lo.lo), abs(hi.hi), abs(lo.hi), abs(hi.lo)))


def solve(matrix, right):
    """Gaussian elimination with row pivoting; a zero pivot is replaced by a tiny number (for inverse iteration)."""
    n = len(matrix)
    rows = [list(matrix[i]) + [right[i]] for i in range(n)]
    tiny = frobenius(matrix) * epsilon() + mpfr(2) ** -100000
    for k in range(n):
        best = max(range(k, n), key=lambda i: abs(rows[i][k]))
        rows[k], rows[best] = rows[best], rows[k]
        if rows[k][k] == 0:
            rows[k][k] = tiny
        for i in range(k + 1, n):
            factor = rows[i][k] / rows[k][k]
            if factor != 0:
                rows[i] = [x - factor * y for x, y in zip(rows[i], rows[k])]
    x = [mpfr(0)] * n
    for k in reversed(range(n)):
        x[k] = (rows[k][n] - fsum([rows[k][j] * x[j] for j in range(k + 1, n)])) / rows[k][k]
    return x


def eigenvector(matrix, value):
    """A unit vector near the eigenspace of `value`, by inverse iteration."""
    n = len(matrix)
    shift = value + frobenius(matrix) * epsilon() * 1024
    shifted = [[matrix[i][j] - (shift if i == j else 0) for j in range(n)] for i in range(n)]
    v = [mpfr(1) + mpfr(i % 7) / 8 for i in range(n)]
    for _ in range(3):
        v = solve(shifted, v)
        norm = sqrt(dot(v, v))
        v = [x / norm for x in v]
    return v
