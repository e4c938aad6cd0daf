"""width (E3, M_0): the paper's width, and the proof of M_0 evaluated again from closed moments at 72 digits (oracle/training.py).

Every number of this theorem but the paper's widths and the event's probability is a bound from one side; so of its claims only those on
the event can certainly fail.
"""
import math
import random
import re

from gmpy2 import exp, is_finite, log, log1p, mpfr, sqrt

from .. import draw, eigen, limits, shared
from ..descent import Descent, bits_for
from ..instances import Instance, nearest_double
from ..network import Network, kernel_extremes
from ..numbers import INF, Truth, about, at_most, exactly, hull, parse_found, precision, rational, widened
from ..tails import clopper_pearson, in_some_trial, some_row_exceeds
from ..training import SufficientWidth

SECONDS = 4.0
MOST_ENTRIES = 700  # n m of a drawn network that is trained at 72 digits
MOST_DRAWN = 120000  # n times pairs of all networks that are drawn to look at the events of M_0


def check(instance, finding, report):
    if instance.sigma is None:
        return
    with precision(400):
        _check(instance, finding, report)


def _check(instance, finding, report):
    largest = max(mpfr(instance.gram()[i][i]) for i in range(instance.n))
    report.claim(finding, "inputs_in_unit_ball", about(sqrt(largest)), exactly(1), statement=instance.in_unit_ball())
    distinct = limits.softmax_positive(instance.x)
    node = finding.statement("rows_distinct_and_nonzero")
    report.require(node is None or (node["verdict"] == "holds") == distinct, "width: rows_distinct_and_nonzero", distinct, node and node["verdict"])
    for name in ("trains_from_M_0", "M_0_at_most_paper_width", "paper_step_allowed"):
        node = finding.statement(name)
        report.require(node is None or node["verdict"] != "fails", "width: %s" % name, "no failure: one side is only a bound", node and node["verdict"])
    lam_h = shared.lambda_min(instance)
    if lam_h.lo > 0:
        report.quantity(finding, "paper_width", widened(*sorted(instance.forms(v).width() for v in (lam_h.lo, lam_h.hi))))
    if not distinct:
        for name in ("trains_from_M_0", "M_0_at_most_paper_width", "conclusion_of_theorem_4_2", "paper_step_allowed"):
            node = finding.statement(name)
            report.require(node is None or node["verdict"] in ("undecided", "not_applicable"), "width: %s" % name, "nothing: lambda_min(K_inf) = 0",
                           node and node["verdict"])
        return
    lam = limit_eigenvalue(instance)
    if not lam.lo > 0:
        return
    Known(instance, finding, report, lam).check()


def limit_eigenvalue(instance):
    """lambda_min(K_inf) as a truth."""
    for bits in (400, 1600, 6400):
        with precision(bits):
            lam = eigen.extremes(limits.softmax_kernel(instance.x, instance.sigma_number()))[0]
        if lam.lo > 0 and lam.hi - lam.lo < lam.hi * mpfr(2) ** -60:
            break
    return lam


class Known:
    """Everything that depends on lambda_inf = lambda_min(K_inf) > 0."""

    def __init__(self, instance, finding, report, lam):
        self.instance, self.finding, self.report, self.lam = instance, finding, report, lam
        self.e0 = sqrt(sum((mpfr(v) ** 2 for row in instance.y for v in row), mpfr(0)))
        self.forms = [instance.forms(v, self.e0) for v in (lam.lo, lam.hi)]
        self.epsilon = mpfr(rational(instance.epsilon))
        self.proof = SufficientWidth(instance.gram(), instance.sigma_number(), instance.d, lam.lo, self.e0, mpfr(rational(instance.delta)))

    def over_lambda(self, function):
        return widened(*sorted(function(f) for f in self.forms))

    def check(self):
        paper = self.over_lambda(lambda f: f.width())
        self.report.quantity(self.finding, "paper_width_at_limit", paper)
        self.event(paper)
        self.sufficient(paper)
        self.step(paper)
        self.conclusion(paper)
        self.searched()

    def event(self, paper):
        """P(some logit exceeds B) at the paper's width, and the same for B'."""
        f = self.forms[0]
        gram, sigma = self.instance.gram(), mpfr(self.instance.sigma_number())
        with precision(96):
            own = in_some_trial(some_row_exceeds(gram, sigma, f.B()), paper.lo / 2)
            repaired = hull(*[in_some_trial(some_row_exceeds(gram, sigma, g.B_repaired(g.width())), g.width() / 2) for g in self.forms])
            self.report.quantity(self.finding, "failure_probability_at_own_width", own)
            self.report.claim(self.finding, "event_fails_at_own_width", own, about(mpfr(rational(self.instance.delta))))
            self.report.claim(self.finding, "repaired_event_at_own_width", repaired, about(mpfr(rational(self.instance.delta))))

    def sufficient(self, paper):
        """M_0 must be provable here, too; how much larger than need be is counted."""
        found, node = self.finding.quantity("M_0"), self.finding.statement("trains_from_M_0")
        if found is None or found.not_applicable:
            return
        if not is_finite(found.hi):
            self.report.require(node["verdict"] != "holds", "width: trains_from_M_0", "undecided: no M_0", node["verdict"])
            self.report.counts["M_0 not found"] += 1
            return
        proved = self.proof.proved(found.hi)
        self.report.require(proved, "width: M_0", "the conditions of D3 at this width", "%s, where they do not hold" % found)
        if not proved:
            return
        if node and node["verdict"] == "holds":
            needed = parse_found(node["lhs"]).hi
            self.report.require(needed >= min(c.needed for c in proved) * (1 - mpfr(2) ** -60), "width: trains_from_M_0 (lhs)",
                                "at least %.20g" % min(c.needed for c in proved), node["lhs"])
        step = self.finding.quantity("step_at_M_0")
        if step and not step.not_applicable:
            best = max(c.largest_step for c in proved)
            self.report.require(step.lo <= best * (1 + mpfr(2) ** -60), "width: step_at_M_0", "at most %.20g" % best, step)
            self.report.require(step.hi >= 0 or step.sense == "at_least", "width: step_at_M_0", "above 0", step)
        if self.report.require(found.hi >= 2, "width: M_0", "at least 2", found) and found.hi > 4:
            tighter = self.proof.proved(found.hi * mpfr("0.98"), -mpfr("0.001"))
            self.report.counts["M_0 not the least"] += bool(tighter)
        order = self.finding.statement("M_0_at_most_paper_width")
        if order and order["verdict"] == "holds":
            self.report.require(found.hi <= paper.hi, "width: M_0_at_most_paper_width", "%.20g" % paper.hi, found)
        self.table(found)
        self.drawn_events(found)

    def table(self, found):
        """M_0 against the width of Table 1, lambda^-2 n^2 e^{18B} log^2 n."""
        if self.instance.n < 2:
            return
        n = mpfr(self.instance.n)
        width = self.over_lambda(lambda f: (n * log(n) / f.lam) ** 2 * exp(f.constant("e3.exponent") * f.B()))
        self.report.claim(self.finding, "M_0_at_most_table_1_width", rhs=width)
        node = self.finding.statement("M_0_at_most_table_1_width")
        self.report.require(not (node and node["verdict"] == "holds") or found.hi <= width.hi, "width: M_0_at_most_table_1_width",
                            "%.20g" % width.hi, found)
        steps = self.finding.statement("table_1_steps")
        self.report.require(steps is None or steps["verdict"] == "not_applicable", "width: table_1_steps", "not_applicable", steps and steps["verdict"])

    def drawn_events(self, found):
        """Networks drawn at width M_0 in plain double: lambda_min(H(0)) and max b_r keep to their bounds but for a part delta of them."""
        n, pairs = self.instance.n, int(found.hi) // 2
        draws = min(6, MOST_DRAWN // (n * pairs))
        if draws == 0:
            return
        means, lam0, average, largest_b, _, _ = self.proof.events(mpfr(2 * pairs))
        rng, sigma, failures = random.Random(pairs), nearest_double(self.instance.sigma), 0
        x, d = self.instance.x, self.instance.d
        squares = [sum(v * v for v in row) for row in x]
        halves = [sigma ** 2 / 2 * v for v in squares]
        for _ in range(draws):
            b_max, total_b, mean = 0.0, 0.0, [0.0] * n
            for _ in range(pairs):
                w = [rng.gauss(0, sigma) for _ in x[0]]
                e = [math.exp(min(sum(u * v for u, v in zip(w, row)) - half, 300.0)) for row, half in zip(x, halves)]
                b = d * sum(square * t * t for square, t in zip(squares, e))
                b_max, total_b = max(b_max, b), total_b + b
                mean = [u + t / pairs for u, t in zip(mean, e)]
            failures += min(mean) < means or b_max > float(largest_b) ** 2 * (1 + 1e-9) or total_b / pairs > average * (1 + mpfr("1e-9"))
        allowed = 3 * mpfr(rational(self.instance.delta)) / 16  # of the events 1, 3, 4
        chance = sum(mpfr(_choose(draws, k)) * allowed ** k * (1 - allowed) ** (draws - k) for k in range(failures, draws + 1))
        self.report.require(chance > mpfr("1e-9"), "width: M_0 (events)", "at most %.3g of the draws outside" % allowed, "%d of %d" % (failures, draws))

    def step(self, paper):
        """The paper's step against what is proved to be allowed at its width."""
        node = self.finding.statement("paper_step_allowed")
        if node is None or node["verdict"] == "not_applicable":
            return
        eta = self.over_lambda(lambda f: f.eta())
        proved = self.proof.proved(paper.hi)
        best = max([c.largest_step for c in proved] or [mpfr(0)])
        rhs = parse_found(node["rhs"])
        self.report.claim(self.finding, "paper_step_allowed", eta)
        if rhs.sense != "at_most" and is_finite(rhs.lo) and rhs.lo > 0:
            self.report.require(rhs.lo <= best * (1 + mpfr(2) ** -60), "width: paper_step_allowed (rhs)", "at most %.20g" % best, rhs)
        if node["verdict"] == "undecided" and proved and eta.hi <= best * mpfr("0.9"):
            self.report.undecided["width: paper_step_allowed (is true)"] += 1

    def conclusion(self, paper):
        """|F(T) - Y|^2 <= epsilon at the paper's width, step and horizon: proved, trivially true, or nothing."""
        node = self.finding.statement("conclusion_of_theorem_4_2")
        if node is None or node["verdict"] == "not_applicable":
            return
        f = self.forms[0]
        steps = f.constant("e4.multiplier") * (0 if self.epsilon >= f.samples else 1)
        square = self.e0 ** 2
        if steps <= 0:  # no step at all
            self.report.claim(self.finding, "conclusion_of_theorem_4_2", statement=bool(square <= self.epsilon))
            return
        self.report.require(node["verdict"] != "fails", "width: conclusion_of_theorem_4_2", "no failure: the left side is an upper bound", node["verdict"])
        if node["verdict"] != "holds":
            return
        step = self.finding.statement("paper_step_allowed")
        self.report.require(step is None or step["verdict"] == "holds", "width: conclusion_of_theorem_4_2",
                            "undecided: paper_step_allowed is %s" % (step and step["verdict"]), "holds")
        allowed = [c for c in self.proof.proved(paper.lo) if f.eta() <= c.largest_step]
        reached = [square * exp(-2 * f.horizon() * -log1p(-mpfr(99) / 100 * f.eta() * f.width() * c.mu)) for c in allowed]
        proved = any(v <= self.epsilon for v in reached) or (bool(allowed) and square <= self.epsilon) or square == 0
        self.report.require(proved, "width: conclusion_of_theorem_4_2", "undecided: %s" % (
            "loss %.6g" % min(reached) if reached else "its step %.3g is not allowed by any bound at its width" % f.eta()), node["verdict"])

    def searched(self):
        """Widths that were found by trying: powers of two, in order, and what was found there is so."""
        tube, ball = (self.finding.quantity(name) for name in ("certified_width", "certified_width_ball"))
        for name, found in (("certified_width", tube), ("certified_width_ball", ball), ("empirical_width", self.finding.quantity("empirical_width"))):
            if found is None or found.not_applicable or not is_finite(found.hi):
                continue
            width = int(found.hi)
            self.report.require(found.hi == width and width >= 2 and width & (width - 1) == 0, "width: %s" % name, "a power of two", found)
        if tube and ball and is_finite(tube.hi) and is_finite(ball.hi):
            self.report.require(tube.hi <= ball.hi, "width: certified_width", "at most that with the ball", tube)
        self.probability()
        if tube and is_finite(tube.hi) and tube.hi * self.instance.n <= MOST_ENTRIES and self.instance.drawn:
            self.trains(int(tube.hi))

    def probability(self):
        """Clopper-Pearson limits of the frequency that the notes state."""
        found = self.finding.quantity("certificate_probability")
        for note in self.finding.notes:
            said = re.search(r"At width (\d+), (\d+) of (\d+) other seeds", note)
            if not said or found is None or found.not_applicable:
                continue
            lower, upper = clopper_pearson(int(said.group(2)), int(said.group(3)), mpfr(1) / 1000)
            close = mpfr("1e-9")
            self.report.require(found.lo <= lower + close and found.hi >= upper - close and found.lo >= lower - mpfr("1e-4") and found.hi <= upper + mpfr("1e-4"),
                                "width: certificate_probability", "[%.12g, %.12g]" % (lower, upper), found)

    def trains(self, m):
        """The network of this seed at the certified width, trained at 72 digits with a small step: the loss falls at every step."""
        n, d_in, d, _, seed = self.instance.drawn
        w, a = draw.network(seed, nearest_double(self.instance.sigma), m, d_in, d)
        drawn = Instance("certified", self.instance.x, self.instance.y, w, a)
        lo, hi = kernel_extremes(drawn.x, w, a)
        self.report.require(lo.lo > 0, "width: certified_width", "lambda_min(H(0)) > 0 at width %d" % m, lo)
        if not lo.lo > 0:
            return
        descent = Descent(drawn, mpfr(0.5 / (m * float(hi.hi))), bits_for(drawn))
        descent.run(60, SECONDS)
        falls = all(b < c for b, c in zip(descent.losses[1:], descent.losses)) or descent.losses[0] == 0
        self.report.require(falls, "width: certified_width", "a loss that falls at every step at width %d" % m, ["%.4g" % v for v in descent.losses[:9]])
        self.report.counts["certified widths trained"] += 1


def _choose(n, k):
    result = 1
    for j in range(k):
        result = result * (n - j) // (j + 1)
    return result
