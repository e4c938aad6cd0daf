"""Instances: data, network, hyperparameters; random, drawn by the program's generator, and adversarial. Files for the program."""
import os
import random
from dataclasses import dataclass, field, replace
from fractions import Fraction

from gmpy2 import mpfr, mpq

from . import draw
from .closed_forms import CONSTANTS, Forms
from .network import Network, exact_gram, exact_rows
from .numbers import rational, real


@dataclass
class Instance:
    """x, y, w: rows of doubles; a: rows of +-1 (a row per neuron). `drawn` = (n, d_in, d, m, seed): the program draws it itself.

    sigma, delta, epsilon, radius, eta: texts as given to the program (sigma None: unknown; eta None: the program's choice);
    sigma is read as the nearest double, the others as exact decimals. `set`: {constant: text}. `theorems`: if not empty, the only ones
    that this instance is meant for (for fixed adversarial instances).
    """
    name: str
    x: list
    y: list
    w: list
    a: list
    sigma: str = "1"
    delta: str = "0.1"
    epsilon: str = "0.01"
    radius: str = "0.005"
    eta: str = None
    steps: int = 200
    trials: int = 20
    samples: int = 64
    set: dict = field(default_factory=dict)
    drawn: tuple = None
    w_tilde: list = None
    theorems: tuple = ()
    extra: tuple = ()  # further options such as --tier fast
    cache: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def shared(self, key, make):
        """make(), computed once for this instance: what several theorems need."""
        if key not in self.cache:
            self.cache[key] = make()
        return self.cache[key]

    @property
    def n(self):
        return len(self.x)

    @property
    def d_in(self):
        return len(self.x[0])

    @property
    def d(self):
        return len(self.a[0])

    @property
    def m(self):
        return len(self.w)

    @property
    def size(self):
        """N = nd."""
        return self.n * self.d

    def sigma_number(self):
        """The double that the program computes with, as an exact rational."""
        return rational(nearest_double(self.sigma))

    def constant(self, key):
        """A constant of the statements, mpfr at the precision at hand."""
        return real(self.set.get(key, CONSTANTS[key]))

    def paired(self):
        """Neurons 2k, 2k+1 share their weights and have opposite signs."""
        return self.m % 2 == 0 and all(
            self.w[k] == self.w[k + 1] and all(p == -q for p, q in zip(self.a[k], self.a[k + 1])) for k in range(0, self.m, 2))

    def network(self, w=None):
        """network.Network at W or at other weights, at the precision at hand."""
        return Network(self.x, self.w if w is None else w, self.a, self.y)

    def gram(self):
        """<x_i, x_j>, exact rationals."""
        return exact_gram(exact_rows(self.x))

    def in_unit_ball(self):
        """Exactly: all |x_i| <= 1."""
        g = self.gram()
        return all(g[i][i] <= 1 for i in range(self.n))

    def forms(self, lam=1, initial_error=None):
        """closed_forms.Forms at this instance."""
        return Forms(self.n, self.d, mpfr(self.sigma_number()), self.delta, self.epsilon, self.radius, lam, initial_error, self.set)

    def options(self, folder=None, draws=None):
        """The program's options; writes x.csv, y.csv, w.csv, a.csv (wt.csv) to `folder` unless the program draws (drawn, draws not False)."""
        options = []
        if self.drawn and draws is not False:
            n, d_in, d, m, seed = self.drawn
            options += ["--n", n, "--d-in", d_in, "--d", d, "--m", m, "--seed", seed]
        else:
            for key, rows in (("x", self.x), ("y", self.y), ("w", self.w), ("a", self.a)):
                write_csv(os.path.join(folder, key + ".csv"), rows)
                options += ["--" + key, os.path.join(folder, key + ".csv")]
        if self.w_tilde is not None:
            write_csv(os.path.join(folder, "wt.csv"), self.w_tilde)
            options += ["--w-tilde", os.path.join(folder, "wt.csv")]
        if self.sigma is not None:
            options += ["--sigma", self.sigma]
        for key, value, usual in (("delta", self.delta, "0.1"), ("epsilon", self.epsilon, "0.01"), ("radius", self.radius, "0.005"),
                                  ("eta", self.eta, None), ("steps", self.steps, 200), ("trials", self.trials, 20),
                                  ("samples", self.samples, 64)):
            if value != usual:
                options += ["--" + key, value]
        for key, value in self.set.items():
            options += ["--set", "%s=%s" % (key, value)]
        return [str(o) for o in options] + list(self.extra)


def nearest_double(text):
    """The double nearest to a decimal or fraction (float(mpq) would truncate)."""
    return float(Fraction(text))


def write_csv(path, rows):
    """Shortest decimals that read back as the same doubles."""
    with open(path, "w") as file:
        for row in rows:
            file.write(",".join(repr(v) for v in row) + "\n")


def drawn_instance(name, n, d_in, d, m, seed, sigma="1", **more):
    """The instance that the program draws from --n --d-in --d --m --seed --sigma, drawn here."""
    x, y = draw.data(seed, n, d_in, d)
    w, a = draw.network(seed, nearest_double(sigma), m, d_in, d)
    return Instance(name, x, y, w, a, sigma=sigma, drawn=(n, d_in, d, m, seed), **more)


def rows_of(text):
    """'1,0; 0,1' as rows of doubles."""
    return [[float(v) for v in row.split(",")] for row in text.split(";")]


def inline(name, x, y, w, a, **more):
    """An instance from texts."""
    return Instance(name, rows_of(x), rows_of(y), rows_of(w), [[int(v) for v in row.split(",")] for row in a.split(";")], **more)


def random_vector(rng, count, length=None):
    """A direction times a length (default: uniform in the ball), as doubles certainly inside the unit ball if length <= 1."""
    v = [rng.gauss(0, 1) for _ in range(count)]
    norm = sum(t * t for t in v) ** 0.5
    length = rng.random() ** (1 / count) if length is None else length
    v = [t / norm * length for t in v]
    while length <= 1 and not draw.in_unit_ball(v):
        v = [t * (1 - 2 ** -52) for t in v]
    return v


def _twist_data(rng, x, y):
    """One adversarial change of the data, or none."""
    n, d_in, kind = len(x), len(x[0]), rng.choice(
        ["none"] * 6 + ["repeat", "antipodal", "nearly", "zero_row", "zero_y", "tiny_x", "subnormal", "parallel", "outside", "orthogonal", "tiny_y"])
    if kind == "repeat" and n > 1:
        x[1] = list(x[0])
    elif kind == "antipodal" and n > 1:
        x[1] = [-v for v in x[0]]
    elif kind == "nearly" and n > 1:
        x[1] = [v * (1 - 2 ** -rng.choice([10, 30, 50])) for v in x[0]]
    elif kind == "zero_row":
        x[rng.randrange(n)] = [0.0] * d_in
    elif kind == "zero_y":
        y[:] = [[0.0] * len(y[0]) for _ in y]
    elif kind == "tiny_x":
        scale = 10.0 ** -rng.choice([3, 8, 20, 80, 160])
        x[:] = [[v * scale for v in row] for row in x]
    elif kind == "subnormal":
        x[rng.randrange(n)] = [5e-324 * rng.randrange(-9, 10) for _ in range(d_in)]
    elif kind == "parallel" and n > 1:
        x[1] = [v / 2 for v in x[0]]
    elif kind == "outside":
        x[0] = random_vector(rng, d_in, rng.choice([1 + 2e-16, 1.5]))
    elif kind == "orthogonal":
        for i in range(n):
            x[i] = [0.0] * d_in
            x[i][i % d_in] = rng.choice([1.0, -1.0, 0.5])
    elif kind == "tiny_y":
        scale = 10.0 ** -rng.choice([3, 20, 160])
        y[:] = [[v * scale for v in row] for row in y]
    return kind


def _random_weights(rng, m, d_in, d, sigma):
    """Paired (mostly) or free weights, sometimes with a saturated, zero or huge row."""
    if m % 2 == 0 and rng.random() < 0.7:
        w, a = [], []
        for _ in range(m // 2):
            row, sign = [rng.gauss(0, sigma) for _ in range(d_in)], [rng.choice([-1, 1]) for _ in range(d)]
            w += [row, list(row)]
            a += [sign, [-s for s in sign]]
        kind = "paired"
    else:
        w = [[rng.gauss(0, sigma) for _ in range(d_in)] for _ in range(m)]
        a = [[rng.choice([-1, 1]) for _ in range(d)] for _ in range(m)]
        kind = "free"
    twist = rng.choice(["none"] * 8 + ["saturated", "zero", "huge", "tiny", "equal"])
    if twist == "saturated":
        w[0] = [v * 40 for v in w[0]]
    elif twist == "zero":
        w = [[0.0] * d_in for _ in w]
    elif twist == "huge":
        w[0] = [v * 1e6 for v in w[0]]
    elif twist == "tiny":
        w = [[v * 1e-160 for v in row] for row in w]
    elif twist == "equal":
        w = [list(w[0]) for _ in w]
    return w, a, kind + "-" + twist


def random_instance(rng, number, largest_n=4, largest_m=64):
    """A random instance: every dimension, scale and option may be at an extreme. Half of them drawn by the program's generator."""
    n, d, d_in = (rng.choice([1, 1, 2, 2, 3, largest_n]) for _ in range(3))
    d_in = rng.choice([1, 2, 2, 3, 4, 4])
    m = rng.choice([k for k in [1, 2, 2, 3, 4, 4, 5, 6, 8, 8, 8, 12, 16, 16, 32, 64] if k <= largest_m])
    sigma = rng.choice(["1"] * 6 + ["0.5", "0.25", "2", "3", "0.1", "7", "1e-8", "18.7", "100", "1e-3"])
    more = dict(delta=rng.choice(["0.1"] * 5 + ["0.01", "0.5", "0.999", "1e-9"]),
                epsilon=rng.choice(["0.01"] * 5 + ["3", "1e-6", "100", "0.5"]),
                radius=rng.choice(["0.005"] * 5 + ["0", "0.0099", "0.001", "1e-9", "0.01", "0.3", "1e-200"]),
                steps=rng.choice([200, 1, 1, 5, 60] + [20] * 5))
    if rng.random() < 0.25:
        more["set"] = {"e0.C": rng.choice(["1", "0.1", "2", "3", "0"])}
    elif rng.random() < 0.1:
        more["set"] = {rng.choice(["e1.exponent", "e2.exponent"]): rng.choice(["0", "1"]), "e1.multiplier": rng.choice(["1", "1e-3", "0.1"])}
    if rng.random() < 0.15:
        more["eta"] = rng.choice(["0.5", "0.1", "1e-3", "2", "1e-9"])
    if rng.random() < 0.4:
        m += m % 2
        return drawn_instance("random%d-drawn" % number, n, d_in, d, m, rng.randrange(2 ** rng.choice([4, 32, 63])), sigma, **more)
    x = [random_vector(rng, d_in, rng.choice([None, 1.0])) for _ in range(n)]
    y = [random_vector(rng, d, rng.choice([None, 1.0])) for _ in range(n)]
    data_kind = _twist_data(rng, x, y)
    w, a, weight_kind = _random_weights(rng, m, d_in, d, nearest_double(sigma))
    return Instance("random%d-%s-%s" % (number, data_kind, weight_kind), x, y, w, a, sigma=sigma, **more)


def with_w_tilde(instance, rng, scale):
    """The instance with an explicit W~ at displacement `scale` per row, for evaluate --w-tilde."""
    w_tilde = [[v + scale * u for v, u in zip(row, random_vector(rng, instance.d_in, 1.0))] for row in instance.w]
    return replace(instance, w_tilde=w_tilde)


def bounds_setting(rng):
    """Random options of `assay bounds`, as {option: text}."""
    def magnitude(low, high):
        return "%de%d" % (rng.randrange(1, 10), rng.randrange(low, high))
    setting = {"n": str(rng.choice([1, 2, 3, 4, 16, 100, 10 ** 6])), "d": str(rng.choice([1, 2, 3, 10, 1000])),
               "sigma": rng.choice([magnitude(-3, 3), "1", "0.5", "1/3"]), "delta": rng.choice(["0.1", "0.01", "0.5", "0.999", magnitude(-9, -1)]),
               "epsilon": rng.choice(["0.01", "0.5", magnitude(-6, 6)]), "lambda": rng.choice(["0.1", "1", magnitude(-9, 4), "1e4"]),
               "radius": rng.choice(["0.01", "0.001", magnitude(-12, -2)])}
    if rng.random() < 0.5:
        setting["set"] = {"e0.C": rng.choice(["1", "2", "0.3", "3.5", "0"])}
    if rng.random() < 0.3:
        setting["early-stopping"] = magnitude(-5, 1)
    if rng.random() < 0.3:
        setting["rkhs-radius"] = magnitude(4, 7)
    return setting
