"""score_estimation (E6): pairs drawn again bit for bit; posterior means, H(0), kernel descent and ridge regression at 72 digits.

The trained weights are not printed: training is repeated in double, and what depends on them is compared up to 1e-11 (their rounding).
What depends on the step needs --eta (the program's own choice is not printed), and is left out without it.
"""
import math
import random

from gmpy2 import exp, expm1, fsum, is_finite, log, mpfr, sqrt

from .. import diffusion, draw, eigen
from ..closed_forms import CONSTANTS, Forms
from ..instances import nearest_double
from ..numbers import ANYTHING, INF, Truth, about, exactly, parse_found, precision, rational, widened

MOST_WORK = 4000  # samples m: beyond, training in plain Python takes too long
ROUNDING = mpfr("1e-11")  # what the rounding of training and of ridge coefficients can change, relative to the root of a mean square


def loose(value, scale=None):
    """The truth of a mean square that depends on weights or coefficients rounded to double."""
    reach = ROUNDING * (sqrt(abs(value)) + ROUNDING if scale is None else scale)
    return Truth(value - reach, value + reach)


def check(instance, finding, report):
    with precision(240):
        study = Study(instance)
        Compared(instance, finding, report, study).check()


class Study:
    """The regression problem and all that is computed of it."""

    def __init__(self, instance):
        self.constants = dict(CONSTANTS, **instance.set)
        self.support, self.n, self.d = instance.x, instance.samples, instance.d_in
        self.seed = instance.drawn[4] if instance.drawn else 1
        self.sigma = nearest_double(instance.sigma) if instance.sigma is not None else 1.0
        self.g, self.t0 = mpfr(rational(self.constants["e6.g"])), mpfr(rational(self.constants["e6.t0"]))
        self.t1 = mpfr(rational(self.constants["e6.T"]))
        self.m = instance.m // 2 * 2
        pairs = lambda count, first: diffusion.Pairs(self.support, self.constants, self.seed, count, first)
        self.training, self.validation = pairs(self.n, 0), pairs(diffusion.HELD_OUT, diffusion.VALIDATION)
        self.test = pairs(diffusion.HELD_OUT, diffusion.TEST)
        self.safe = self.training.safe and self.validation.safe and self.test.safe
        self.target = diffusion.posterior_means(self.support, self.g, self.test)
        self.clean = diffusion.posterior_means(self.support, self.g, self.training)
        self.limit = diffusion.limit_kernel(self.training.inputs, self.training.inputs, self.sigma)
        lo, hi = eigen.extremes(self.limit)
        self.lam = Truth(max(lo.lo, mpfr(0)), max(lo.hi, mpfr(0)))
        self.eta = None if instance.eta is None else nearest_double(instance.eta)
        self.small = self.m >= 2 and self.n * self.m <= MOST_WORK and self.n * self.d <= 24
        if self.eta is not None and self.small:
            self.regress(instance)

    def regress(self, instance):
        """The network in double; f_noisy, f_clean and f_H with H(0)."""
        w, a = draw.network(self.seed, self.sigma, self.m, self.d + 2, self.d)
        self.a = a
        self.w, self.steps = diffusion.trained(self.training.inputs, self.training.clean, w, a, self.eta, instance.steps,
                                               self.validation.inputs, self.validation.clean)
        self.network = diffusion.forward_double(self.test.inputs, self.w, a)[0]
        kernel = diffusion.finite_kernel(self.training.inputs, self.training.inputs, w, a)
        block = diffusion.finite_kernel(self.test.inputs, self.training.inputs, w, a)
        step = self.eta * float(self.m)
        values = lambda c: diffusion.unstacked(diffusion.apply(block, c), self.d)
        self.noisy = values(diffusion.kernel_descent(kernel, [mpfr(v) for v in diffusion.stacked(self.training.clean)], mpfr(step), self.steps))
        self.clean_fit = values(diffusion.kernel_descent(kernel, diffusion.stacked(self.clean), mpfr(step), self.steps))
        c = diffusion.ridge(kernel, diffusion.stacked(self.clean), mpfr(1e-4 / step))
        self.fit = values(c)
        self.squared_norm = fsum([u * v for u, v in zip(c, diffusion.apply(kernel, c))])

    def fitted(self, block, coefficients):
        """K(test, training) times each column."""
        columns = [diffusion.apply(block, column) for column in coefficients]
        return [[column[j] for column in columns] for j in range(len(block))]

    def stopped_early(self, steps):
        """The truth of the error of kernel descent with K_inf on the noisy labels, at the checkpoint with the least error on the noisy
        validation labels. None where the best two are so near that their order may be another in double."""
        block, check = (diffusion.limit_kernel(p.inputs, self.training.inputs, self.sigma) for p in (self.test, self.validation))
        eta = (1 - mpfr(2) ** -50) / diffusion.perron_bound(self.limit)
        labels = [[mpfr(row[l]) for row in self.training.clean] for l in range(self.d)]
        times = diffusion.checkpoints(steps)

        def orbit(step):
            return list(zip(*[diffusion.kernel_orbit(self.limit, column, step, times) for column in labels]))

        states = orbit(eta)
        errors = [diffusion.mean_square(self.fitted(check, c), self.validation.clean) for c in states]
        best = min(range(len(times)), key=lambda k: errors[k])
        if any(k != best and errors[k] <= errors[best] * (1 + mpfr("1e-9")) for k in range(len(times))):
            return None
        ends = [diffusion.mean_square(self.fitted(block, c), self.target) for c in (states[best], orbit(eta * (1 - mpfr("1e-9")))[best])]
        return widened(min(ends), max(ends), mpfr("1e-11"))

    def unstopped(self):
        """The truth of the error of the kernel interpolant of the noisy labels with K_inf; None where that is not what descent in double
        tends to: K_inf is too near to a singular matrix."""
        top = max(self.limit[i][i] for i in range(self.n)) * self.n
        if not self.lam.lo > mpfr("1e-9") * top:
            return None
        block = diffusion.limit_kernel(self.test.inputs, self.training.inputs, self.sigma)
        columns = [eigen.solve(self.limit, [mpfr(row[l]) for row in self.training.clean]) for l in range(self.d)]
        value = diffusion.mean_square(self.fitted(block, columns), self.target)
        size = sqrt(sum(c * c for column in columns for c in column)) * sqrt(sum(v * v for row in block for v in row) / len(block))
        reach = mpfr("1e-13") * (self.n + top / self.lam.lo) * size
        return Truth(max(value - reach * (2 * sqrt(value) + reach), mpfr(0)), value + reach * (2 * sqrt(value) + reach))


class Compared:
    """Claims and quantities of the finding against the study."""

    def __init__(self, instance, finding, report, study):
        self.instance, self.finding, self.report, self.study = instance, finding, report, study

    def quantity(self, name, truth):
        self.report.quantity(self.finding, name, truth)

    def strict(self, value):
        """The truth of what depends on the drawn doubles alone."""
        return about(value) if self.study.safe else widened(value, value, mpfr("1e-14"))

    def check(self):
        s = self.study
        largest = max(mpfr(v) for v in [self.instance.gram()[i][i] for i in range(self.instance.n)])
        self.report.claim(self.finding, "inputs_in_unit_ball", about(sqrt(largest)), exactly(1), statement=self.instance.in_unit_ball())
        norm = max(sqrt(fsum([mpfr(v) ** 2 for v in u])) for u in s.training.inputs + s.test.inputs)
        self.report.claim(self.finding, "embedded_inputs_in_unit_ball", widened(norm, norm, mpfr("3e-16")), exactly(1))
        self.report.claim(self.finding, "lambda_positive", self.strict_lambda(), exactly(0))
        self.quantity("lambda", self.strict_lambda())
        self.report.claim(self.finding, "g_bounded", about(s.g), about(s.g))
        self.lipschitz()
        mean = [fsum([mpfr(row[l]) for row in s.support]) / len(s.support) for l in range(s.d)]
        self.quantity("constant_predictor", self.strict(diffusion.mean_square(s.target, [mean] * len(s.target))))
        self.unclipped()
        self.stopping()
        self.blow_up()
        self.right = None
        if s.eta is not None and s.small:
            self.split()
        self.theorem(self.population() if s.eta is not None and s.small else None)

    def strict_lambda(self):
        lam = self.study.lam
        return widened(lam.lo, lam.hi, mpfr("1e-13") if lam.lo > 0 else None)

    def lipschitz(self):
        """beta_x(t_0) = (alpha/h) sup_x |Cov(X_0 | X_t = x)|: attained between pairs, at most the squared diameter / 4."""
        s = self.study
        alpha, h = exp(-s.g * s.t0 / 2), -expm1(-s.g * s.t0)
        rows = [[mpfr(v) for v in row] for row in s.support]
        diameter = max(fsum([(u - v) ** 2 for u, v in zip(p, q)]) for p in rows for q in rows)
        above, below = alpha / h * diameter / 4, mpfr(0)
        for k in range(len(rows)):
            for l in range(k):
                x = [alpha * (u + v) / 2 for u, v in zip(rows[k], rows[l])]
                weights, mean = diffusion.posterior(s.support, s.g, s.t0, x)
                cov = [[fsum([w * (r[i] - mean[i]) * (r[j] - mean[j]) for w, r in zip(weights, rows)]) for j in range(s.d)] for i in range(s.d)]
                below = max(below, alpha / h * eigen.extremes(cov)[1].lo)
        truth = Truth(below, above * (1 + mpfr(2) ** -200))
        self.quantity("beta_x", truth)
        self.report.claim(self.finding, "posterior_mean_lipschitz", truth, about(1 / h))

    def stopping(self):
        """The errors of kernel descent with K_inf, stopped early and run on."""
        early, late = self.study.stopped_early(self.instance.steps), self.study.unstopped()
        if early is not None:
            self.quantity("limit_total", early)
        if late is not None:
            self.quantity("unstopped_total", late)
        if early is not None and late is not None:
            self.report.claim(self.finding, "stopping_early_pays", early, late)

    def blow_up(self):
        """inf of t beta_x(t) over t <= t_0: at most its values at a few times, by Popoviciu's bound of the covariance."""
        s = self.study
        rows = [[mpfr(v) for v in row] for row in s.support]
        diameter = max(fsum([(u - v) ** 2 for u, v in zip(p, q)]) for p in rows for q in rows)
        if diameter == 0:
            self.report.undefined(self.finding, "beta_x_times_t", "the data are one point")
            return
        values = [t * exp(-s.g * t / 2) / -expm1(-s.g * t) * diameter / 4 for t in (s.t0 / 2 ** k for k in range(40))]
        self.quantity("beta_x_times_t", Truth(mpfr(0), about(min(values)).hi))
        self.report.claim(self.finding, "lipschitz_constant_blows_up", Truth(mpfr(0), about(min(values)).hi), exactly(0), statement=True)

    def unclipped(self):
        """P(|(t/T, X_t)| > 1), t uniform, by the midpoint rule and noncentral chi-squares in double: known to 1e-3."""
        s, nodes, total = self.study, 400, 0.0
        t0, t1, g = float(s.t0), float(s.t1), float(s.g)
        for k in range(nodes):
            t = t0 + (t1 - t0) * (k + 0.5) / nodes
            alpha, h = math.exp(-g * t / 2), -math.expm1(-g * t)
            left = 1 - (t / t1) ** 2
            total += sum(1 - diffusion.chi_square_within(s.d, alpha ** 2 * sum(v * v for v in row) / h, left / h) for row in s.support)
        value = total / nodes / len(s.support)
        truth = Truth(mpfr(value - 1e-3), mpfr(value + 1e-3))
        self.quantity("unclipped_failure_probability", truth)
        self.report.claim(self.finding, "pairs_leave_the_unit_ball", truth, exactly(0), statement=True)

    def split(self):
        """The four sources and the bound of Theorem 6.6."""
        s = self.study
        square = diffusion.mean_square
        parts = {"coupling": loose(square(s.network, s.noisy)), "label_mismatch": self.strict(square(s.noisy, s.clean_fit)),
                 "early_stopping": loose(square(s.clean_fit, s.fit)), "approximation": loose(square(s.fit, s.target))}
        if not s.safe:
            parts["label_mismatch"] = loose(square(s.noisy, s.clean_fit))
        total = loose(square(s.network, s.target))
        four = Truth(4 * sum(v.lo for v in parts.values()), 4 * sum(v.hi for v in parts.values()))
        for name, truth in parts.items():
            self.quantity(name, truth)
        self.quantity("total", total)
        self.quantity("four_term_bound", four)
        self.bound(total, parts["early_stopping"])

    def bound(self, total, early):
        """R_H, A, Gamma_delta, the right side, the multiplier, where they are defined."""
        s = self.study
        measured = s.squared_norm / s.d
        measured = Truth(measured * (1 - mpfr("1e-9")), measured * (1 + mpfr("1e-9")))
        least = (exp(mpfr(1)) * mpfr(rational(s.constants["e6.c_Lambda"]))) ** 2 * s.d
        radius = widened(max(measured.lo, least), max(measured.hi, least))
        self.quantity("R_H", radius)
        corners = []
        for lam in (s.lam.lo, s.lam.hi):
            for r in (radius.lo, radius.hi):
                for stop in (early.lo, early.hi):
                    if lam > 0:
                        forms = Forms(s.n, s.d, mpfr(s.sigma), self.instance.delta, self.instance.epsilon, lam=lam, set=self.instance.set)
                        corners.append(forms.score(r, max(stop, mpfr(0))))
        if not corners:
            return
        slack = mpfr("1e-11")
        self.quantity("A", widened(min(c["A"] for c in corners), max(c["A"] for c in corners), slack))
        if any(c["Gamma"] is None for c in corners):
            for name in ("Gamma_delta", "paper_bound", "multiplier"):
                self.report.undefined(self.finding, name, "Gamma_delta is not defined: log(e (dn)^{3/2} A / lambda) < 0 or n = 1")
            return
        self.quantity("Gamma_delta", widened(min(c["Gamma"] for c in corners), max(c["Gamma"] for c in corners), slack))
        if any(c["total"] is None for c in corners):
            for name in ("paper_bound", "multiplier"):
                self.report.undefined(self.finding, name, "Gamma_delta < 0 has no square root")
            return
        right = widened(min(c["total"] for c in corners), max(c["total"] for c in corners), slack)
        self.quantity("paper_bound", right)
        self.right = right
        c = mpfr(rational(s.constants["e6.multiplier"]))
        if right.lo > 0:
            self.quantity("multiplier", Truth(c * total.lo / right.hi, c * total.hi / right.lo))

    def theorem(self, ends):
        """Theorem 6.6: not applicable exactly if the width it asks for, c lambda^-2 n^3 d^3 e^{18B} log^2(nd/delta), is above the network's."""
        s, node = self.study, self.finding.statement("theorem_6_6")
        if node is None or s.m < 2 or node["verdict"] == "not_applicable" and self.finding.verdict == "not_applicable":
            return  # a network of one neuron is no network of pairs: nothing was drawn
        forms = Forms(s.n, s.d, mpfr(s.sigma), self.instance.delta, self.instance.epsilon, set=self.instance.set)
        over = forms.constant("e6.width_multiplier") * forms.samples ** 3 * forms.log_term() ** 2 * exp(forms.constant("e6.width_exponent") * forms.B())
        least, most = over / s.lam.hi ** 2 if s.lam.hi > 0 else INF, over / s.lam.lo ** 2 if s.lam.lo > 0 else INF
        if node["verdict"] == "not_applicable":
            defined = self.right is not None
            self.report.require(most > s.m or not defined, "score_estimation: theorem_6_6", "a width of %.6g is asked for" % most, "not applicable at %d" % s.m)
            return
        self.report.require(least <= s.m, "score_estimation: theorem_6_6", "not applicable: a width of %.6g is asked for" % least, node["verdict"])
        if ends is not None:
            near = mpfr("1e-9") * (1 + ends[1])
            self.report.claim(self.finding, "theorem_6_6", rhs=self.right or ANYTHING)
            found = parse_found(node["lhs"])
            self.report.require(abs(found.lo - ends[0]) < near and abs(found.hi - ends[1]) < near, "score_estimation: theorem_6_6 (lhs)",
                                "[%.15g, %.15g]" % ends, found)

    def population(self):
        """The empirical Bernstein interval over 1024 fresh draws: mean +- sqrt(2 V log(4/delta) / n) + 7 range log(4/delta) / (3 (n-1)).

        Returns that with confidence 99.9 %."""
        s, count = self.study, 1024
        low, high = ([f(row[l] for row in s.support) for l in range(s.d)] for f in (min, max))
        size = sum((b - a) ** 2 for a, b in zip(low, high))
        if size == 0:
            self.quantity("population_clipped", exactly(0))
            return 0.0, 0.0
        fresh = diffusion.Pairs(s.support, s.constants, s.seed, count, diffusion.FRESH)
        values = diffusion.forward_double(fresh.inputs, s.w, s.a)[0]
        with precision(80):
            target = diffusion.posterior_means(s.support, s.g, fresh)
        errors = [sum((min(max(f[l], low[l]), high[l]) - float(t[l])) ** 2 for l in range(s.d)) for f, t in zip(values, target)]
        mean = math.fsum(errors) / count
        variance = math.fsum([(e - mean) ** 2 for e in errors]) / (count - 1)

        def interval(delta):
            term = math.log(4 / delta)
            error = math.sqrt(2 * variance * term / count) + 7 * size * term / (3 * (count - 1))
            return max(mean - error, 0.0), min(mean + error, size)

        ends = interval(nearest_double(self.instance.delta))
        found = self.finding.quantity("population_clipped")
        if found is None or found.not_applicable:
            return interval(0.001)
        self.report.counts["quantities"] += 1
        close = 1e-9 * (1 + size)
        self.report.require(abs(found.lo - ends[0]) < close and abs(found.hi - ends[1]) < close and found.lo <= ends[0] + 1e-13 and found.hi >= ends[1] - 1e-13,
                            "score_estimation: population_clipped", "[%.15g, %.15g]" % ends, found)
        return interval(0.001)
