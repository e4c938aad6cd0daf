"""convergence_certificate (D3, D4): what is certified for all time is held against gradient descent at 72 digits from the same doubles.

Nothing of the certificate is recomputed: that |e(tau+1)| <= theta |e(tau)|, lambda_min(H) >= mu, eta m lambda_max(H) <= 1 and the moves at
most radius_max at every step, is either true of the true orbit or not.
"""
import random

from gmpy2 import is_finite, mpfr, sqrt

from .. import shared
from ..descent import Descent, bits_for
from ..numbers import Truth, about, at_least, at_most, exactly, parse_found, precision, rational, widened
from .time_horizon import exact_step

SECONDS = 2.0
MOST_STEPS = 2000
KERNELS = 6  # kernels along the orbit whose spectrum is computed


def check(instance, finding, report):
    with precision(bits_for(instance)):
        _check(instance, finding, report)


def odd_sign_sums(instance):
    """sum over weight vectors of |sum a_l| (every l) and |sum a_l a_k a_o| (every l <= k <= o): 0 or not is what counts."""
    groups = {}
    for row, signs in zip(instance.w, instance.a):
        groups.setdefault(tuple(row), []).append(signs)
    d, total = instance.d, 0
    for signs in groups.values():
        total += sum(abs(sum(s[l] for s in signs)) for l in range(d))
        total += sum(abs(sum(s[l] * s[k] * s[o] for s in signs)) for l in range(d) for k in range(l + 1) for o in range(k + 1))
    return total


def _check(instance, finding, report):
    lo, hi = shared.spectrum(instance)
    report.claim(finding, "kernel_positive", lo, exactly(0))
    network = instance.network()
    e0 = sqrt(sum((mpfr(v) ** 2 for row in instance.y for v in row), mpfr(0))) if instance.paired() else None
    report.quantity(finding, "e0", about(e0) if e0 is not None else network.residual_truth())
    node = finding.statement("no_first_order_change")
    if node and node["verdict"] != "not_applicable":
        report.require((node["verdict"] == "holds") == (odd_sign_sums(instance) == 0), "convergence_certificate: no_first_order_change",
                       "odd sums %d" % odd_sign_sums(instance), node["verdict"])
    for name in ("kernel_stays_positive", "step_stays_within_limit", "contraction", "never_leaves_the_ball"):
        node = finding.statement(name)
        report.require(node is None or node["verdict"] != "fails", "convergence_certificate: %s" % name,
                       "that it fails is nothing an upper bound proves", node and node["verdict"])
    eta = exact_step(finding, instance, report)
    if eta is None:
        return
    exact = largest_eigenvalue_of_equal_weights(instance)
    report.claim(finding, "step_within_limit", hi * (eta * instance.m), exactly(1),
                 statement=None if exact is None else bool(exact * rational(eta) * instance.m <= 1))
    node = finding.statement("step_within_limit")
    if exact is not None and node and exact * rational(eta) * instance.m == 1:
        report.require(node["verdict"] == "holds", "convergence_certificate: step_within_limit", "holds: the step is exactly at its limit", node["verdict"])
    if certified(finding):
        report.counts["certificates"] += 1
        report.require(lo.hi > 0, "convergence_certificate", "lambda_min(H(W)) > 0", "certified though it is 0")
        Simulated(instance, finding, report, eta).check(lo, hi)


def largest_eigenvalue_of_equal_weights(instance):
    """lambda_max(H) exactly for one sample, one output and neurons of one weight vector: |x|^2 (1/m) sum (a - p)^2. Else None."""
    if instance.size != 1 or any(row != instance.w[0] for row in instance.w):
        return None
    p = rational(sum(s[0] for s in instance.a)) / instance.m
    return instance.gram()[0][0] * sum((s[0] - p) ** 2 for s in instance.a) / instance.m


def certified(finding):
    """All claims that speak of all time hold."""
    nodes = [finding.statement(name) for name in ("kernel_stays_positive", "step_stays_within_limit", "contraction", "never_leaves_the_ball")]
    return all(node is not None and node["verdict"] == "holds" for node in nodes)


class Simulated:
    """The true orbit beside the certificate."""

    def __init__(self, instance, finding, report, eta):
        self.instance, self.finding, self.report, self.eta = instance, finding, report, eta
        self.epsilon = mpfr(rational(instance.epsilon))
        self.theta, self.mu = finding.quantity("theta"), finding.quantity("mu")
        self.first, self.horizon = finding.quantity("followed_steps"), finding.quantity("T_cert")
        self.radius = finding.quantity("radius_max")
        self.limit = parse_found(finding.statement("step_stays_within_limit")["lhs"]).hi

    def require(self, condition, name, expected, found):
        self.report.require(condition, "convergence_certificate: %s" % name, expected, found)

    def check(self, lo, hi):
        self.require(0 <= self.theta.hi < 1, "theta", "in [0, 1)", self.theta)
        self.require(self.mu.lo > 0, "mu", "above 0", self.mu)
        first = int(self.first.hi)
        self.require(self.first.lo == self.first.hi == first, "followed_steps", "an integer", self.first)
        descent = Descent(self.instance, self.eta, bits_for(self.instance))
        self.kernel(descent, first, lo, hi)
        asked = min(MOST_STEPS, max(first, int(min(self.horizon.hi, mpfr(MOST_STEPS)))) + 40)
        stops = sorted({first + (asked - first) * k // KERNELS for k in range(1, KERNELS + 1) if asked > first})
        whole = descent.run(first, SECONDS)
        if whole and first:
            self.kernel(descent, first, *descent.kernel_extremes())
        for stop in stops:
            if not whole:
                break
            whole = descent.run(stop - descent.steps, SECONDS / KERNELS)
            self.kernel(descent, first, *descent.kernel_extremes())
        self.report.counts["steps at 72 digits"] += descent.steps
        self.losses(descent, first)
        self.moves(descent)

    def kernel(self, descent, first, lo, hi):
        """lambda_min >= mu and eta m lambda_max <= limit at a step from the end of the first phase on."""
        if descent.steps < first:
            return
        self.require(lo.hi >= self.mu.lo, "kernel_stays_positive", "mu at most %.20g = lambda_min at step %d" % (lo.hi, descent.steps), self.mu)
        most = hi.lo * self.eta * self.instance.m
        self.require(most <= self.limit, "step_stays_within_limit", "at least %.20g, attained at step %d" % (most, descent.steps), "%.20g" % self.limit)

    def losses(self, descent, first):
        """e_1, the contraction at every step from tau_1 on, T_cert."""
        losses = descent.losses
        if len(losses) > first:
            self.report.quantity(self.finding, "e1", about(sqrt(losses[first])))
        square = self.theta.hi ** 2
        floor = max(losses[0] * mpfr(2) ** -100, descent.error_of_loss(0) * mpfr(2) ** 20)  # below, the digits of F - Y run out
        for tau in range(first, len(losses) - 1):
            if losses[tau + 1] > square * losses[tau] * (1 + mpfr(2) ** -180) and losses[tau + 1] > floor:
                self.require(False, "contraction", "theta^2 at least %.20g at step %d" % (losses[tau + 1] / losses[tau], tau), self.theta)
                break
        if self.horizon is None or not is_finite(self.horizon.hi):
            return
        self.require(self.horizon.hi == int(self.horizon.hi) >= 0, "T_cert", "an integer of at least 0", self.horizon)
        horizon = int(self.horizon.hi)
        if horizon >= len(losses):
            return
        self.require(losses[horizon] <= self.epsilon, "T_cert", "loss at most epsilon after %d steps" % horizon, "%.20g" % losses[horizon])
        late = [tau for tau in range(horizon, len(losses)) if losses[tau] > self.epsilon]
        self.require(not late, "T_cert", "loss at most epsilon from step %d on" % horizon,
                     late and "loss %.20g > epsilon at step %d" % (losses[late[0]], late[0]))
        if self.horizon.sense == "enclosure" and self.horizon.lo == self.horizon.hi:
            self.report.counts["T_cert as a point"] += 1

    def moves(self, descent):
        most = max(descent.moves)
        self.require(most <= self.radius.hi * (1 + mpfr(2) ** -180), "radius_max", "at least %.20g, attained" % most, self.radius)
