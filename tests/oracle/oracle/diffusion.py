"""Score estimation (E6): the pairs that are drawn, the posterior mean, the embedding, and the two regressions, written again.

    X_t = alpha X_0 + sqrt(h) xi,  alpha = e^{-g t / 2},  h = 1 - alpha^2,  X_0 uniform on the rows of X,  t uniform on [t_0, T]
    f_*(t, x) = sum_k softmax_k(alpha <x, mu_k> / h - alpha^2 |mu_k|^2 / (2h)) mu_k
    u = (1 - 2^-20) (2y, 1 - |y|^2) / (1 + |y|^2),  y = (t / T, x) / 2
"""
import math

import gmpy2
from gmpy2 import exp, fsum, mpfr, sqrt

from . import draw
from .draw import block_bits, normals, uniform
from .eigen import solve
from .instances import nearest_double
from .numbers import precision, rational

CHOICE, NOISE = 16, 18  # streams of times and components, and of the forward process
VALIDATION, TEST, FRESH = 1 << 40, 2 << 40, 3 << 40  # sections of the sequence of pairs
HELD_OUT = 64


def rounded(value, direction):
    """A double from a decimal text by way of 64 bits, both steps rounded in one direction."""
    with gmpy2.local_context(gmpy2.get_context(), precision=64, round=direction):
        near = mpfr(rational(value))
    with gmpy2.local_context(gmpy2.get_context(), precision=53, round=direction):
        return float(mpfr(near))


def uniforms(seed, row):
    """Two uniforms of (0, 1): the time and the component of a pair."""
    return [uniform(word) for word in block_bits(seed, CHOICE, row, 0)]


class Pairs:
    """Pairs first, first + 1, ... of the seed's sequence: times, noised (X_t), clean (X_0), inputs u; exact doubles.

    `safe` is False if a rounding of alpha or sqrt(h) to double is so near a tie that the program may have rounded it the other way.
    """

    def __init__(self, support, constants, seed, count, first):
        begin, end = rounded(constants["e6.t0"], gmpy2.RoundUp), rounded(constants["e6.T"], gmpy2.RoundDown)
        t1, g = nearest_double(constants["e6.T"]), mpfr(rational(constants["e6.g"]))
        self.times, self.noised, self.clean, self.inputs, self.safe = [], [], [], [], True
        size = len(support)
        cumulative = [float(k + 1) / float(size) for k in range(size)]
        for row in range(first, first + count):
            of_time, of_component = uniforms(seed, row)
            chosen = next((k for k in range(size - 1) if cumulative[k] > of_component), size - 1)
            t = min(max(begin + (end - begin) * of_time, begin), end)
            alpha, deviation = self.double(exp(-g * t / 2)), self.double(sqrt(-gmpy2.expm1(-g * t)))
            noise = normals(seed, NOISE, row, len(support[0]))
            self.times.append(t)
            self.clean.append(list(support[chosen]))
            self.noised.append([alpha * c + deviation * z for c, z in zip(support[chosen], noise)])
            self.inputs.append(embedded(t / t1 / 2, [v / 2 for v in self.noised[-1]]))

    def double(self, value):
        """The nearest double; unsafe within 2^-9 of a tie."""
        near = float(value)
        ulp = mpfr(math.ulp(near))
        self.safe &= bool(abs(abs(mpfr(near) - value) / ulp - mpfr("0.5")) > mpfr(2) ** -9)
        return near


def embedded(time, half):
    """u of y = (time, half), in double; sums of squares as two packed lanes add them from four terms on."""
    y = [time] + half
    squares = [v * v for v in y]
    if len(y) < 4:
        square = squares[0]
        for v in squares[1:]:
            square += v
    else:
        square = (squares[0] + squares[2]) + (squares[1] + squares[3])
        for v in squares[4:]:
            square += v
    scale = (1 - 2.0 ** -20) / (1 + square)
    return [v * (2 * scale) for v in y] + [(1 - square) * scale]


def posterior(support, g, t, x):
    """(weights of the rows, mean) of X_0 given X_t = x."""
    alpha = exp(-g * mpfr(t) / 2)
    h = -gmpy2.expm1(-g * mpfr(t))
    rows = [[mpfr(v) for v in row] for row in support]
    logs = [(alpha * fsum([mpfr(u) * v for u, v in zip(x, row)]) - alpha ** 2 / 2 * fsum([v * v for v in row])) / h for row in rows]
    top = max(logs)
    weights = [exp(v - top) for v in logs]
    total = fsum(weights)
    weights = [v / total for v in weights]
    return weights, [fsum([w * row[k] for w, row in zip(weights, rows)]) for k in range(len(rows[0]))]


def posterior_means(support, g, pairs):
    """f_* at the pairs."""
    return [posterior(support, g, t, x)[1] for t, x in zip(pairs.times, pairs.noised)]


def forward_double(inputs, w, a):
    """F in plain double, rows x d, and q."""
    outputs, qs, m, d = [], [], len(w), len(a[0])
    for u in inputs:
        z = [sum(s * t for s, t in zip(row, u)) for row in w]
        top = max(z)
        e = [math.exp(max(v - top, -700.0)) for v in z]
        factor = m / math.fsum(e)
        q = [v * factor for v in e]
        qs.append(q)
        outputs.append([math.fsum([q[r] * a[r][l] for r in range(m)]) for l in range(d)])
    return outputs, qs


def trained(inputs, labels, w, a, eta, steps, validation, validation_labels):
    """Gradient descent in double, the checkpoint with the least error on the validation labels: (W, its number of steps)."""
    w, m, d = [list(row) for row in w], len(w), len(a[0])
    best, best_step, best_w, done = math.inf, 0, w, 0
    for time in checkpoints(steps):
        while done < time:
            f, q = forward_double(inputs, w, a)
            change = [[0.0] * len(w[0]) for _ in range(m)]
            for i, u in enumerate(inputs):
                e = [f[i][l] - labels[i][l] for l in range(d)]
                shift = sum(s * t for s, t in zip(e, f[i])) / m
                for r in range(m):
                    c = (sum(e[l] * a[r][l] for l in range(d)) - shift) * q[i][r]
                    for k, v in enumerate(u):
                        change[r][k] += c * v
            w = [[s - eta * t for s, t in zip(row, delta)] for row, delta in zip(w, change)]
            done += 1
        values = forward_double(validation, w, a)[0]
        error = sum((s - t) ** 2 for f, y in zip(values, validation_labels) for s, t in zip(f, y)) / len(values)
        if error < best:
            best, best_step, best_w = error, time, w
        if time > 3 * best_step + 20:
            break
    return best_w, best_step


def checkpoints(last):
    """1, 2, 3, ... and then a quarter more each time, up to last."""
    times, time = [], 1
    while time < last:
        times.append(time)
        time += max(1, time // 4)
    return times + [last]


def finite_kernel(rows, columns, w, a):
    """H(W) of a paired network (p = 0) between inputs: index l |rows| + i against k |columns| + j."""
    d, m = len(a[0]), len(w)

    def shares(inputs):
        result = []
        for u in inputs:
            z = [fsum([mpfr(s) * mpfr(t) for s, t in zip(w[r], u)]) for r in range(0, m, 2)]
            top = max(z)
            e = [exp(v - top) for v in z]
            total = fsum(e)
            result.append([v * (m // 2) / total for v in e])
        return result

    left, right = shares(rows), shares(columns)
    blocks = {}
    signs = [[a[2 * r][l] for l in range(d)] for r in range(m // 2)]
    for l in range(d):
        for k in range(d):
            sign = [s[l] * s[k] for s in signs]
            for i, u in enumerate(rows):
                for j, v in enumerate(columns):
                    gram = fsum([mpfr(s) * mpfr(t) for s, t in zip(u, v)])
                    blocks[l, i, k, j] = gram * fsum([x * y if s > 0 else -(x * y) for s, x, y in zip(sign, left[i], right[j])]) / (m // 2)
    return [[blocks[l, i, k, j] for k in range(d) for j in range(len(columns))] for l in range(d) for i in range(len(rows))]


def limit_kernel(rows, columns, sigma):
    """<u, v> e^{sigma^2 <u, v>}."""
    def entry(u, v):
        inner = fsum([mpfr(s) * mpfr(t) for s, t in zip(u, v)])
        return inner * exp(mpfr(sigma) ** 2 * inner)
    return [[entry(u, v) for v in columns] for u in rows]


def kernel_descent(kernel, labels, eta, steps):
    """Coefficients after so many steps c <- c - eta (K c - y) from 0; labels a vector."""
    c = [mpfr(0)] * len(labels)
    for _ in range(steps):
        products = [fsum([k * v for k, v in zip(row, c)]) for row in kernel]
        c = [v - eta * (p - y) for v, p, y in zip(c, products, labels)]
    return c


def kernel_orbit(kernel, labels, eta, times):
    """Coefficients after each number of steps."""
    c, done, states = [mpfr(0)] * len(labels), 0, []
    for time in times:
        for _ in range(time - done):
            products = [fsum([k * v for k, v in zip(row, c)]) for row in kernel]
            c = [v - eta * (p - y) for v, p, y in zip(c, products, labels)]
        done = time
        states.append(c)
    return states


def perron_bound(kernel):
    """Above the spectral radius of |K|: max_i (|K| v)_i / v_i (Collatz and Wielandt) after four steps of the power iteration."""
    rows, v = [[abs(k) for k in row] for row in kernel], [mpfr(1)] * len(kernel)
    for _ in range(4):
        v = apply(rows, v)
        top = max(v)
        v = [max(c / top, mpfr("1e-6")) for c in v]
    return max(p / c for p, c in zip(apply(rows, v), v))


def ridge(kernel, labels, amount):
    """(K + amount I)^{-1} y."""
    shifted = [[v + (amount if i == j else 0) for j, v in enumerate(row)] for i, row in enumerate(kernel)]
    return solve(shifted, labels)


def apply(block, c):
    return [fsum([k * v for k, v in zip(row, c)]) for row in block]


def stacked(rows):
    """Column after column."""
    return [row[l] for l in range(len(rows[0])) for row in rows]


def unstacked(values, d):
    count = len(values) // d
    return [[values[l * count + j] for l in range(d)] for j in range(count)]


def mean_square(one, other):
    """(1/q) sum_j |a_j - b_j|^2."""
    return fsum([(mpfr(s) - mpfr(t)) ** 2 for a, b in zip(one, other) for s, t in zip(a, b)]) / len(one)


def chi_square_within(d, square_of_mean, limit):
    """P(|Z + mu|^2 <= limit), Z standard normal in d dimensions, |mu|^2 given: a Poisson mixture of central ones; plain double."""
    if limit <= 0:
        return 0.0
    rate, total, weight = square_of_mean / 2, 0.0, math.exp(-square_of_mean / 2)
    for j in range(400):
        total += weight * lower_gamma(d / 2 + j, limit / 2)
        weight *= rate / (j + 1)
        if j > rate and weight < 1e-18:
            break
    return total


def lower_gamma(a, x):
    """The regularized incomplete gamma function P(a, x) by its series of positive terms."""
    term = math.exp(a * math.log(x) - x - math.lgamma(a + 1))
    total, k = 0.0, 0
    while term > 1e-18 * (total + 1e-300) and k < 2000:
        total += term
        k += 1
        term *= x / (a + k)
    return min(total, 1.0)
